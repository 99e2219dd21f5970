/// Who may speak with the head node, and how what they say is kept from others.
@NullMarked
package org.capataz.headnode.security;

import org.jspecify.annotations.NullMarked;
