package org.capataz.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// Takes a command to run: from its first word on, nothing is an option of ours.
final class Words implements IParameterPreprocessor {

  @Override
  @SuppressWarnings("JdkObsolete") // picocli's own type
  public boolean preprocess(
      Stack<String> arguments, CommandSpec command, ArgSpec positional, Map<String, Object> info) {
    var words = new ArrayList<>(arguments);
    Collections.reverse(words);
    arguments.clear();
    positional.setValue(words);
    return true;
  }
}
