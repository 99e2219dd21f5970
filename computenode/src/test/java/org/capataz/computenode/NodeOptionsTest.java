package org.capataz.computenode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.capataz.computenode.agent.NodeSettings;
import org.capataz.computenode.keeper.OutputLimits;
import org.capataz.model.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeOptionsTest {

  private static final Path DEFAULT_DATA = Path.of("/default");

  @Test
  void onlyTheHeadNodeMustBeGiven() {
    assertThat(parse("--head", "h:5800"))
        .isEqualTo(
            new NodeOptions(
                "h:5800",
                Optional.empty(),
                Optional.empty(),
                new NodeSettings.Offer(
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    true),
                List.of(),
                OutputLimits.ofMegabytes(64, 4096),
                DEFAULT_DATA,
                false));
  }

  @Test
  void valuesFollowTheirOptionOrAnEqualsSign() {
    var options =
        parse(
            "--head=a:1,b:2",
            "--name",
            "n1",
            "--address=10.0.0.1",
            "--cores=4",
            "--sockets=2",
            "--gpus=0",
            "--no-bind",
            "--memory",
            "2048",
            "--group=gpu",
            "--group",
            "big",
            "--max-output=8",
            "--keep-output",
            "2G",
            "--data=/d",
            "--lifeline");

    assertThat(options)
        .isEqualTo(
            new NodeOptions(
                "a:1,b:2",
                Optional.of("n1"),
                Optional.of("10.0.0.1"),
                new NodeSettings.Offer(
                    OptionalInt.of(4),
                    OptionalInt.of(2),
                    OptionalInt.of(0),
                    OptionalInt.of(2048),
                    false),
                List.of("gpu", "big"),
                OutputLimits.ofMegabytes(8, 2048),
                Path.of("/d"),
                true));
    assertThat(parse(options.arguments().toArray(String[]::new))).isEqualTo(options);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --name n            | expected --head HOST:PORT, or CAPATAZ_HEAD, but got none
          --head h:1 --cores  | expected a value after --cores, but there is none
          --head h:1 --cores 0 | expected a number from 1 to 8192 after --cores, but got '0'
          --head h:1 --memory 99999999999 | expected a number from 1 to 1073741824 after --memory, but got '99999999999'
          --head h:1 --max-output=0 | --max-output: expected at least 1 megabyte, but got none
          --head h:1 --keep-output=x | --keep-output: expected megabytes, or a size such as 512M or 4G, but got 'x'
          --head h:1 --max-output 4G | expected --keep-output of at least twice --max-output
          --head h:1 --name=  | expected a name without blanks after --name, but got ''
          --head h:1 --cors 4 | expected an option, but got '--cors'
          --head h:1 n1       | expected an option, but got 'n1'
          """)
  void whatCannotBeReadIsRefused(String line, String message) {
    assertThat(NodeOptions.parse(List.of(line.split(" +", -1)), DEFAULT_DATA))
        .isInstanceOfSatisfying(
            Result.Refused.class,
            refused -> assertThat(refused.refusal().message()).startsWith(message));
  }

  private static NodeOptions parse(String... arguments) {
    return NodeOptions.parse(List.of(arguments), DEFAULT_DATA).orElseThrow();
  }
}
