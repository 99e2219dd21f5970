/// The process that speaks for a compute node: it connects to the head node, passes its orders to
/// the keeper and the keeper's reports to it. It holds nothing that the keeper or the head node
/// could not tell it again, so it may be killed at any moment.
///
/// What is decided is in [AgentMachine], which is pure; the classes round it only read and write.
@NullMarked
package org.capataz.computenode.agent;

import org.jspecify.annotations.NullMarked;
