/// What clients ask over gRPC, answered from the board, the store, the engine's loop and the nodes.
@NullMarked
package org.capataz.headnode.rpc;

import org.jspecify.annotations.NullMarked;
