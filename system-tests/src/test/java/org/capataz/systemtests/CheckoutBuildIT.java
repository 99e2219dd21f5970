package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.capataz.systemtests.StandInCheckout.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The build that `bin/capataz` starts in a checkout, by Maven, of stand-in programs.
final class CheckoutBuildIT {
  private static final String PRINT_WHAT_IS_THERE =
      """
      public static void main(String[] args) {
        for (String name : new String[] {"org/h2/Driver", "org/capataz/cli/Deleted"}) {
          if (%s.class.getResource("/" + name + ".class") != null) System.out.println(name);
        }
        System.out.println("%s");
      }
      """;

  @Test
  void theProgramsAreWhatTheSourcesAre(@TempDir Path folder) throws Exception {
    var checkout =
        StandInCheckout.builtByMaven(folder.resolve("a checkout"))
            .with("cli", "Main", PRINT_WHAT_IS_THERE.formatted("Main", "old"))
            .with("cli", "Deleted", "")
            .with("headnode", "HeadMain", PRINT_WHAT_IS_THERE.formatted("HeadMain", "head node"))
            .with("computenode", "NodeMain", PRINT_WHAT_IS_THERE.formatted("NodeMain", "node"));

    assertThat(checkout.run().output()).isEqualTo("org/capataz/cli/Deleted\nold\n");
    assertThat(checkout.run("head", "start").output())
        .as("the head node alone has the database's libraries")
        .isEqualTo("org/h2/Driver\nhead node\n");
    assertThat(checkout.run("node", "start").output()).isEqualTo("node\n");

    checkout
        .with("cli", "Main", PRINT_WHAT_IS_THERE.formatted("Main", "new"))
        .without("cli", "Deleted");
    assertThat(checkout.run().output()).isEqualTo("new\n");

    checkout.with("cli", "Wrong", "int number = \"text\";");
    Outcome outcome = checkout.run("job", "list");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.errors())
        .contains("Wrong.java:[4,", "String cannot be converted to int", "dist/.builds/log");
  }
}
