package org.capataz.cli;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.capataz.model.Quota;
import org.capataz.model.Share;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "set",
    description =
        "Puts a project or a user into the share tree, or changes what was decided of it; what is"
            + " not said stays. Limits of a project hold for its users together and all below it,"
            + " those of a user below the root for all projects together, and those of the user"
            + " '*' for each user who has no such limits. Only administrators may.",
    footer = {
      "",
      "Examples:",
      "  capataz share set climate --shares 60",
      "  capataz share set ocean --parent climate --shares 2",
      "  capataz share set ocean --user ada --shares 3",
      "  capataz share set urgent --boost 1000",
      "  capataz share set --user guest --shares 0",
      "  capataz share set climate --max-cores 512 --max-core-hours 100000",
      "  capataz share set --user '*' --max-jobs 20 --max-queued 1000"
    })
final class ShareSet extends ClusterCommand {

  @Mixin private SharePlace place = new SharePlace();

  @Option(
      names = "--shares",
      paramLabel = "N",
      description =
          "How much it may expect beside its siblings, 0 to 1000000; 1 where nothing was set.")
  private @Nullable Integer shares;

  @Option(
      names = "--parent",
      paramLabel = "PROJECT",
      description = "Of a project: the one that it belongs to; '' for none.")
  private @Nullable String parent;

  @Option(
      names = "--boost",
      paramLabel = "N",
      description =
          "Of a project: how far to the front its jobs belong where QueueOrder is multifactor, 0 to"
              + " 1000; 0 where nothing was set.")
  private @Nullable Integer boost;

  @Option(
      names = "--max-cores",
      paramLabel = "N",
      description = "Cores that its running jobs hold at most; none for no limit.")
  private @Nullable String cores;

  @Option(
      names = "--max-jobs",
      paramLabel = "N",
      description = "Its running jobs at most; none for no limit.")
  private @Nullable String jobs;

  @Option(
      names = "--max-queued",
      paramLabel = "N",
      description = "Its jobs in the queue at most: more are refused; none for no limit.")
  private @Nullable String queued;

  @Option(
      names = "--max-core-hours",
      paramLabel = "N",
      description =
          "Core hours at which no more of its jobs start, until less counts as used; none for no"
              + " limit.")
  private @Nullable String coreHours;

  ShareSet(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var of = place.place();
    changed(Share.standard(of));
    return (cluster, out) -> {
      var share = changed(cluster.settings().shares().get(of));
      cluster.setShare(share);
      out.done(
          ShareNoun.SHARE,
          List.of(share),
          set ->
              capitalized(set.of().toString())
                  + " has "
                  + set.shares()
                  + (set.shares() == 1 ? " share" : " shares")
                  + (set.parent().isEmpty() ? "" : " of project " + Text.shown(set.parent()))
                  + (set.boost() == 0 ? "" : " and a boost of " + set.boost())
                  + (set.quota().isNone() ? "" : "; " + set.quota().sentence()));
      return ExitCode.DONE;
    };
  }

  /// The share with what was said.
  private Share changed(Share before) {
    return Accepted.value(
        new Share(
                before.of(),
                parent == null ? before.parent() : parent.strip(),
                shares == null ? before.shares() : shares,
                boost == null ? before.boost() : boost,
                new Quota(
                    limit("--max-cores", cores, before.quota().cores()),
                    limit("--max-jobs", jobs, before.quota().jobs()),
                    limit("--max-queued", queued, before.quota().queued()),
                    limit("--max-core-hours", coreHours, before.quota().coreHours())))
            .check());
  }

  private static OptionalInt limit(String option, @Nullable String text, OptionalInt before) {
    if (text == null) {
      return before;
    }
    if (text.strip().equalsIgnoreCase("none")) {
      return OptionalInt.empty();
    }
    if (!text.strip().matches("\\d{1,9}")) {
      throw Accepted.refused(
          "expected a number or none for " + option + ", but got '" + Text.shown(text) + "'");
    }
    return OptionalInt.of(Integer.parseInt(text.strip()));
  }

  static String capitalized(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }
}
