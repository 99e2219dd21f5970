package org.capataz.headnode.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.capataz.model.Result;
import org.capataz.wire.PrivateFiles;

/// Keys and certificates as files in the textual form of RFC 7468, readable by their owner only.
final class Pem {

  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";
  private static final int LINE = 64;

  private Pem() {}

  static void write(Path file, PrivateKey key) throws IOException {
    PrivateFiles.write(file, encode(PRIVATE_KEY, key.getEncoded()));
  }

  static void write(Path file, X509Certificate certificate)
      throws IOException, GeneralSecurityException {
    PrivateFiles.write(file, encode(CERTIFICATE, certificate.getEncoded()));
  }

  static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(read(file)));
  }

  /// Reads a key of an elliptic curve.
  static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    var body =
        new String(read(file), StandardCharsets.US_ASCII)
            .replace(begin(PRIVATE_KEY), "")
            .replace(end(PRIVATE_KEY), "");
    try {
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
    } catch (IllegalArgumentException damaged) {
      throw new IOException("expected a private key in " + file + ", but it is damaged", damaged);
    }
  }

  private static byte[] read(Path file) throws IOException {
    return switch (PrivateFiles.read(file)) {
      case Result.Ok<byte[]>(var bytes) -> bytes;
      case Result.Refused<byte[]>(var refusal) -> throw new IOException(refusal.message());
    };
  }

  private static byte[] encode(String label, byte[] content) {
    var body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content);
    return (begin(label) + "\n" + body + "\n" + end(label) + "\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String begin(String label) {
    return "-----BEGIN " + label + "-----";
  }

  private static String end(String label) {
    return "-----END " + label + "-----";
  }
}
