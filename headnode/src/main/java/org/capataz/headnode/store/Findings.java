package org.capataz.headnode.store;

import java.util.ArrayList;
import java.util.List;
import org.capataz.scheduler.state.ClusterState;

/// What a database holds, and whether it agrees with itself.
///
/// @param cluster what people call the cluster
/// @param records how many the journal has
/// @param problems what is wrong, each in a line for the administrator; empty if nothing is
public record Findings(String cluster, int jobs, int nodes, long records, List<String> problems) {

  public Findings {
    problems = List.copyOf(problems);
  }

  /// Reads all that is stored, and makes the state twice: from the rows, and from the journal.
  static Findings of(SqlStore store) {
    var rows = new ClusterState(store.cluster(), store.epoch());
    var problems = new ArrayList<String>();
    var records = 0L;
    try {
      rows.restore(store.load());
      store.usages();
      var fold = new JournalFold(store, rows);
      fold.run();
      records = fold.records();
      fold.differences().stream()
          .map(line -> line.startsWith("<") ? "rows:    " + line : "journal: " + line)
          .forEach(problems::add);
    } catch (StoreException | IllegalStateException | IllegalArgumentException damaged) {
      problems.add(String.valueOf(damaged.getMessage()));
    } catch (RuntimeException damaged) {
      // Whatever reading damaged bytes comes to.
      problems.add(damaged.toString());
    }
    return new Findings(
        store.clusterName(), rows.jobs().size(), rows.nodes().size(), records, problems);
  }

  /// The same in a line.
  public String sentence() {
    return "cluster "
        + cluster
        + ": "
        + jobs
        + (jobs == 1 ? " job, " : " jobs, ")
        + nodes
        + (nodes == 1 ? " node, " : " nodes, ")
        + records
        + (records == 1 ? " journal record" : " journal records");
  }
}
