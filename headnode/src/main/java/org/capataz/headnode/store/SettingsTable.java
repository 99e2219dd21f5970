package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobTemplate;
import org.capataz.model.Share;
import org.capataz.model.Shares;
import org.capataz.scheduler.event.Event;
import org.capataz.wire.ShareMessages;
import org.capataz.wire.Templates;

/// What administrators have decided for the whole cluster.
final class SettingsTable {
  private final BatchStatement deleteParameter;
  private final BatchStatement insertParameter;
  private final BatchStatement deleteVariable;
  private final BatchStatement insertVariable;
  private final BatchStatement deleteTemplate;
  private final BatchStatement insertTemplate;
  private final BatchStatement deleteShare;
  private final BatchStatement insertShare;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, String> variables = new LinkedHashMap<>();

  /// By name in lower case; empty where it was deleted.
  private final Map<String, Optional<JobTemplate>> templates = new LinkedHashMap<>();

  /// Empty where it was deleted.
  private final Map<Share.Of, Optional<Share>> shares = new LinkedHashMap<>();

  SettingsTable(Connection connection) throws SQLException {
    deleteParameter =
        new BatchStatement(connection, "DELETE FROM cluster_parameter WHERE name = ?");
    insertParameter =
        new BatchStatement(connection, "INSERT INTO cluster_parameter (name, text) VALUES (?, ?)");
    deleteVariable = new BatchStatement(connection, "DELETE FROM cluster_variable WHERE name = ?");
    insertVariable =
        new BatchStatement(connection, "INSERT INTO cluster_variable (name, text) VALUES (?, ?)");
    deleteTemplate = new BatchStatement(connection, "DELETE FROM job_template WHERE name = ?");
    insertTemplate =
        new BatchStatement(connection, "INSERT INTO job_template (name, template) VALUES (?, ?)");
    deleteShare =
        new BatchStatement(connection, "DELETE FROM share WHERE project = ? AND owner = ?");
    insertShare =
        new BatchStatement(connection, "INSERT INTO share (project, owner, body) VALUES (?, ?, ?)");
  }

  void set(Event.ClusterParameterSet event) {
    parameters.put(event.parameter().modelName(), event.text());
  }

  void set(Event.ClusterVariableSet event) {
    variables.put(event.name(), event.value());
  }

  void set(JobTemplate template) {
    templates.put(key(template.name()), Optional.of(template));
  }

  void delete(String template) {
    templates.put(key(template), Optional.empty());
  }

  void set(Share share) {
    shares.put(share.of(), Optional.of(share));
  }

  void delete(Share.Of of) {
    shares.put(of, Optional.empty());
  }

  /// Under which name a template is kept: names are the same in any case.
  static String key(String template) {
    return template.toLowerCase(Locale.ROOT);
  }

  void write() throws SQLException {
    write(parameters, deleteParameter, insertParameter);
    write(variables, deleteVariable, insertVariable);
    for (var entry : templates.entrySet()) {
      deleteTemplate.add(entry.getKey());
      if (entry.getValue().isPresent()) {
        insertTemplate.add(entry.getKey(), Templates.toBytes(entry.getValue().get()));
      }
    }
    templates.clear();
    deleteTemplate.executeWhereFound();
    insertTemplate.execute();
    for (var entry : shares.entrySet()) {
      var of = entry.getKey();
      deleteShare.add(of.project(), of.user());
      if (entry.getValue().isPresent()) {
        insertShare.add(of.project(), of.user(), ShareMessages.toBytes(entry.getValue().get()));
      }
    }
    shares.clear();
    deleteShare.executeWhereFound();
    insertShare.execute();
  }

  private static void write(
      Map<String, String> changed, BatchStatement delete, BatchStatement insert)
      throws SQLException {
    for (var entry : changed.entrySet()) {
      delete.add(entry.getKey());
      if (!entry.getValue().isEmpty()) {
        insert.add(entry.getKey(), entry.getValue());
      }
    }
    changed.clear();
    delete.executeWhereFound();
    insert.execute();
  }

  static ClusterSettings read(Connection connection) throws SQLException {
    var settings = ClusterSettings.DEFAULT;
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT name, text FROM cluster_parameter")) {
      while (rows.next()) {
        settings =
            settings.with(
                ClusterParameter.parse(rows.getString(1)).orElseThrow(), rows.getString(2));
      }
    }
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT name, text FROM cluster_variable")) {
      while (rows.next()) {
        settings = settings.withVariable(rows.getString(1), rows.getString(2));
      }
    }
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT template FROM job_template")) {
      while (rows.next()) {
        settings = settings.withTemplate(Templates.ofBytes(rows.getBytes(1)));
      }
    }
    var shares = new TreeMap<Share.Of, Share>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT body FROM share")) {
      while (rows.next()) {
        var share = ShareMessages.ofBytes(rows.getBytes(1));
        shares.put(share.of(), share);
      }
    }
    return settings.with(new Shares(shares));
  }
}
