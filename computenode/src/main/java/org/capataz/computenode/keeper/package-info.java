/// The keeper: the parent of all tasks of a node. It is small and changes rarely, so that the
/// agent, which speaks to the head node, can be killed or replaced while tasks run.
///
/// [org.capataz.computenode.keeper.KeeperState] decides; everything else here is the world around
/// it. The agent's side is [org.capataz.computenode.keeper.KeeperLink].
@NullMarked
package org.capataz.computenode.keeper;

import org.jspecify.annotations.NullMarked;
