package org.capataz.jobsxml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.xml.stream.XMLStreamException;
import org.capataz.model.Result;

/// Reads files from anywhere: whatever is wrong with one, that it cannot be opened included, is a
/// refusal.
final class XmlFiles {

  private XmlFiles() {}

  /// What is to be made of a file.
  @FunctionalInterface
  interface Reading<T> {

    /// Reads all of it.
    ///
    /// @param name how messages name the file
    /// @throws Refusing if it is not as expected
    T read(JobFileText text, String name) throws XMLStreamException;
  }

  static <T> Result<T> read(Path file, Reading<T> reading) {
    try (var in = Files.newInputStream(file)) {
      return read(in, file.toString(), reading);
    } catch (NoSuchFileException missing) {
      return unreadable(file, "there is none");
    } catch (AccessDeniedException denied) {
      return unreadable(file, "you may not read it");
    } catch (IOException broken) {
      return unreadable(file, "reading failed: " + broken.getMessage());
    }
  }

  /// Reads a stream, which is left open.
  static <T> Result<T> read(InputStream in, String name, Reading<T> reading) {
    try {
      return Result.ok(reading.read(JobFileText.open(in, name), name));
    } catch (Refusing refused) {
      return Result.refused(refused.refusal());
    } catch (XMLStreamException broken) {
      return Result.refused(XmlParser.refusal(broken, name));
    } catch (IOException broken) {
      return Result.refused(XmlParser.refusal(broken, name));
    }
  }

  private static <T> Result<T> unreadable(Path file, String why) {
    return Result.invalid(file + ": expected a readable job file, but " + why);
  }
}
