package org.capataz.simulator;

import java.util.HashMap;
import java.util.Map;
import org.capataz.model.ClusterParameter;

/// How a trace is played, in words: policy, order of the queue, ties and, if there is one, the
/// guard against starvation.
record Choice(Map<ClusterParameter, String> parameters, Replay.Ties ties) {

  static Choice of(String words) {
    var word = words.split(" ", -1);
    var parameters = new HashMap<ClusterParameter, String>();
    parameters.put(ClusterParameter.SCHEDULING_POLICY, word[0]);
    parameters.put(ClusterParameter.QUEUE_ORDER, word[1]);
    parameters.put(ClusterParameter.BACKFILL_LOOKAHEAD, "-1");
    if (word.length > 3) {
      parameters.put(ClusterParameter.STARVATION_GUARD, word[3]);
    }
    return new Choice(
        Map.copyOf(parameters), word[2].equals("serial") ? Replay.Ties.SERIAL : Replay.Ties.BATCH);
  }

  /// When each job of a trace starts, by its id.
  Map<Integer, Long> starts(Trace trace, int coresPerNode) {
    var starts = new Replay(trace, coresPerNode, ties, parameters).run();
    var byId = new HashMap<Integer, Long>();
    for (var i = 0; i < starts.length; i++) {
      byId.put(trace.jobs().get(i).id(), starts[i]);
    }
    return byId;
  }
}
