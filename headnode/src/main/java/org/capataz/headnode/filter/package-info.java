/// Programs of the administrator that decide on jobs: HPC Pack's filters.
@NullMarked
package org.capataz.headnode.filter;

import org.jspecify.annotations.NullMarked;
