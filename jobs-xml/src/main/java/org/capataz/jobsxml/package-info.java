/// Job definition files: reader, writer and schema.
@NullMarked
package org.capataz.jobsxml;

import org.jspecify.annotations.NullMarked;
