package org.capataz.computenode.agent;

import java.util.List;
import java.util.Map;
import org.capataz.computenode.keeper.Request;
import org.capataz.model.AttemptId;
import org.capataz.model.Result;

/// What the head node wants of this node, in the order in which it is done.
///
/// @param templates by the number under which starts name them; a refused one refuses its starts
/// @param recalls attempts to give back, unless they have begun
/// @param acknowledged attempts whose ends the head node has committed
/// @param retired templates that no later start will name
record Orders(
    Map<Long, Result<TaskTemplate>> templates,
    List<Start> starts,
    List<AttemptId> recalls,
    List<Request.Stop> stops,
    List<AttemptId> acknowledged,
    List<Long> retired) {}
