package org.capataz.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldModifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.capataz.client.TaskBuilder;
import org.capataz.model.Limits;
import org.capataz.model.Sweep;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a new task is run over.
final class SweepOptions {

  /// A parameter with a name, and what it is swept over.
  private static final Pattern NAMED = Pattern.compile("([\\p{L}_][^=]*)=(.*)", Pattern.DOTALL);

  /// Blanks around a cell are not part of it, unless they stand in quotes.
  private static final FieldModifier BLANKS =
      new FieldModifier() {
        @Override
        public String modify(long line, int column, boolean quoted, String field) {
          return quoted ? field : field.strip();
        }
      };

  @Option(
      names = "--sweep",
      paramLabel = "[NAME=]A-B[:S],...",
      description =
          "Run the command once for every index from A to B in steps of S, or of several such"
              + " ranges; each '*' in it, in --workdir, --stdin, --stdout and --stderr becomes the"
              + " index. With a name, which may be given again for other names, once for every"
              + " combination, of ranges or of any values; each '{NAME}' becomes the value, and"
              + " '*' the number of the run.")
  private List<String> sweeps = new ArrayList<>();

  @Option(
      names = "--sweep-file",
      paramLabel = "FILE",
      description = "Run the command once for every line of the file; '*' becomes the line.")
  private @Nullable String file;

  @Option(
      names = "--sweep-csv",
      paramLabel = "FILE",
      description =
          "Run the command once for every row of the file of comma-separated values, the first line"
              + " of which names the columns; each '{COLUMN}' becomes the row's value. With --sweep"
              + " NAME=..., once for every combination.")
  private @Nullable String csv;

  boolean areGiven() {
    return firstGiven() != null;
  }

  /// The option that was given, or null for none.
  @Nullable String firstGiven() {
    return !sweeps.isEmpty()
        ? "--sweep"
        : file != null ? "--sweep-file" : csv != null ? "--sweep-csv" : null;
  }

  /// Makes the task a sweep, if one was asked for.
  void put(TaskBuilder task, World world) {
    if (file != null && (csv != null || !sweeps.isEmpty())) {
      throw Accepted.refused(
          "expected --sweep-file alone, but got "
              + (csv != null ? "--sweep-csv" : "--sweep")
              + " too; columns of a CSV file have names, by which they combine");
    }
    if (file != null) {
      task.sweepOver(lines(file, world));
    }
    if (csv != null) {
      rows(csv, task, world);
    }
    for (var sweep : sweeps) {
      var named = NAMED.matcher(sweep);
      if (named.matches()) {
        task.sweep(named.group(1).strip(), named.group(2));
      } else if (sweeps.size() > 1 || csv != null) {
        throw Accepted.refused(
            "--sweep: expected a name where several sweeps combine, such as 'seed=1-10', but got '"
                + sweep
                + "'; several ranges go into one, with commas between");
      } else {
        indexes(sweep, task);
      }
    }
  }

  private static void indexes(String sweep, TaskBuilder task) {
    if (Accepted.value(Sweep.Ranges.parse(sweep).in("--sweep"))
        instanceof Sweep.Range(var start, var end, var increment)) {
      task.sweep(start, end, increment);
    } else {
      task.sweep(sweep);
    }
  }

  /// The lines of a file that are not blank.
  private static List<String> lines(String file, World world) {
    var values = text("--sweep-file", file, world).lines().filter(line -> !line.isBlank()).toList();
    if (values.isEmpty()) {
      throw Accepted.refused("--sweep-file: expected one value a line, but " + file + " has none");
    }
    return values;
  }

  private static void rows(String file, TaskBuilder task, World world) {
    var text = text("--sweep-csv", file, world);
    var reader = CsvReader.builder().allowExtraFields(true).allowMissingFields(true);
    // What spreadsheets put before the first line.
    var table = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try (var records = reader.build(CsvRecordHandler.of(h -> h.fieldModifier(BLANKS)), table)) {
      var all = records.stream().toList();
      if (all.size() < 2) {
        throw Accepted.refused(
            "--sweep-csv: expected a line of names and at least one row, but "
                + file
                + (all.isEmpty() ? " is empty" : " has one line alone"));
      }
      var names = all.getFirst().getFields();
      var rows = all.stream().skip(1).map(row -> cells(row, names, file)).toList();
      all.stream()
          .skip(1)
          .filter(row -> row.getFields().contains(""))
          .findFirst()
          .ifPresent(row -> sayEmpty(names.get(row.getFields().indexOf("")), row, file, world));
      task.sweepRows(names, rows);
    } catch (CsvParseException wrong) {
      throw Accepted.refused(
          "--sweep-csv: expected comma-separated values in "
              + file
              + ", but got "
              + wrong.getMessage());
    } catch (IOException impossible) {
      throw new AssertionError("a text cannot fail to be read", impossible);
    }
  }

  private static void sayEmpty(String name, CsvRecord row, String file, World world) {
    world.streams().say(name + " is empty in line " + row.getStartingLineNumber() + " of " + file);
  }

  private static List<String> cells(CsvRecord row, List<String> names, String file) {
    if (row.getFieldCount() != names.size()) {
      throw Accepted.refused(
          "--sweep-csv: expected "
              + names.size()
              + " values in each row, as many as the first line names, but line "
              + row.getStartingLineNumber()
              + " of "
              + file
              + " has "
              + row.getFieldCount());
    }
    return row.getFields();
  }

  private static String text(String option, String file, World world) {
    try (var in = open(file, world)) {
      var bytes = in.readNBytes(Limits.SWEEP_VALUES + 1);
      if (bytes.length > Limits.SWEEP_VALUES) {
        throw Accepted.refused(
            option
                + ": expected at most "
                + Limits.SWEEP_VALUES
                + " bytes of values, but "
                + file
                + " has more");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException missing) {
      throw Accepted.refused(option + ": expected a file of values, but there is no " + file);
    } catch (CharacterCodingException wrong) {
      throw Accepted.refused(option + ": expected text in UTF-8, but " + file + " is not");
    } catch (IOException broken) {
      throw Accepted.refused(option + ": expected a readable file, but got " + broken.getMessage());
    }
  }

  private static InputStream open(String file, World world) throws IOException {
    return file.equals("-") ? System.in : Files.newInputStream(world.directory().resolve(file));
  }
}
