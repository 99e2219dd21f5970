package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.capataz.model.Share;
import org.capataz.scheduler.share.Usage;
import org.capataz.scheduler.state.Account;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Stored;

/// What users have used for which projects.
final class UsageTable {
  private final BatchStatement delete;
  private final BatchStatement insert;

  /// Jobs whose accounts have changed.
  private final Set<Integer> jobs = new LinkedHashSet<>();

  private boolean all;

  /// What was written last, as far as it was since the store was opened.
  private final Map<Share.Of, Usage> written = new HashMap<>();

  UsageTable(Connection connection) throws SQLException {
    delete =
        new BatchStatement(connection, "DELETE FROM share_usage WHERE project = ? AND owner = ?");
    insert =
        new BatchStatement(
            connection,
            "INSERT INTO share_usage (project, owner, core_seconds, since) VALUES (?, ?, ?, ?)");
  }

  /// What a job holds has changed.
  void changed(int job) {
    jobs.add(job);
  }

  /// All accounts may have changed.
  void changed() {
    all = true;
  }

  void write(ClusterState state) throws SQLException {
    if (all) {
      for (var account : state.accounts().all()) {
        write(account);
      }
    } else {
      var accounts = new LinkedHashSet<Account>();
      for (var job : jobs) {
        accounts.add(Objects.requireNonNull(state.accounts().of(Known.job(state, job))));
      }
      for (var account : accounts) {
        write(account);
      }
    }
    jobs.clear();
    all = false;
    delete.executeWhereFound();
    insert.execute();
  }

  private void write(Account account) throws SQLException {
    var usage = account.usage();
    var of = account.of();
    if (usage.since() != 0 && !usage.equals(written.put(of, usage))) {
      delete.add(of.project(), of.user());
      insert.add(of.project(), of.user(), usage.coreSeconds(), usage.since());
    }
  }

  static List<Stored.StoredUsage> read(Connection connection) throws SQLException {
    var usages = new ArrayList<Stored.StoredUsage>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT project, owner, core_seconds, since FROM share_usage")) {
      while (rows.next()) {
        usages.add(
            new Stored.StoredUsage(
                new Share.Of(rows.getString(1), rows.getString(2)),
                rows.getDouble(3),
                rows.getLong(4)));
      }
    }
    return usages;
  }
}
