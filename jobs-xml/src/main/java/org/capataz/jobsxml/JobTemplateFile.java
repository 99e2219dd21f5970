package org.capataz.jobsxml;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.capataz.model.JobTemplate;
import org.capataz.model.Result;

/// A job template file that was read, in HPC Pack's form; see `docs/job-templates.md`.
///
/// @param warnings one line each, for what has no effect
public record JobTemplateFile(JobTemplate template, List<String> warnings) {

  public JobTemplateFile {
    warnings = List.copyOf(warnings);
  }

  /// Reads a file. Whatever is wrong with it, that it cannot be opened included, is a refusal.
  public static Result<JobTemplateFile> read(Path file) {
    return XmlFiles.read(file, (text, name) -> new JobTemplateReader(text, name).read());
  }

  /// Reads a file from a stream, which is left open.
  ///
  /// @param name how messages name the file
  public static Result<JobTemplateFile> read(InputStream in, String name) {
    return XmlFiles.read(in, name, (text, file) -> new JobTemplateReader(text, file).read());
  }

  /// Writes a template as a file, in UTF-8. Reading it gives the same template.
  ///
  /// Refused is what XML cannot hold, such as control characters, and values with commas in them.
  public static Result<byte[]> write(JobTemplate template) {
    try {
      return Result.ok(JobTemplateWriter.write(template).getBytes(StandardCharsets.UTF_8));
    } catch (Refusing refused) {
      return Result.refused(refused.refusal());
    }
  }
}
