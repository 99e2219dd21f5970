package org.capataz.headnode.security;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.capataz.wire.PrivateFiles;

/// The certificate authority of one cluster, made at the first start that needs TLS, and the
/// certificate that it gave the head node: `ca.crt`, `ca.key`, `server.crt` and `server.key`, all
/// ECDSA over P-256.
///
/// The authority stays, for its fingerprint is in every token. The server's certificate is made
/// again when it nears its end or when the head node goes by other names.
final class Authority {

  private static final Duration RENEWAL = Duration.ofDays(365);

  private final Identity own;
  private final InstantSource clock;

  private Authority(Identity own, InstantSource clock) {
    this.own = own;
    this.clock = clock;
  }

  /// A certificate and its key.
  record Identity(X509Certificate certificate, PrivateKey key) {

    @Override
    public String toString() {
      return "Identity[" + certificate.getSubjectX500Principal() + "]";
    }
  }

  /// Reads the authority, or makes it.
  static Authority open(Path folder, InstantSource clock)
      throws IOException, GeneralSecurityException {
    PrivateFiles.createDirectories(folder);
    var certificateFile = folder.resolve("ca.crt");
    var keyFile = folder.resolve("ca.key");
    if (!Files.exists(certificateFile)) {
      var made = Certificates.authority(clock.instant());
      // The certificate last: while it is missing, nobody can have heard of the key.
      Pem.write(keyFile, made.key());
      Pem.write(certificateFile, made.certificate());
    }
    return new Authority(read(certificateFile, keyFile), clock);
  }

  X509Certificate certificate() {
    return own.certificate;
  }

  private static Identity read(Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    return new Identity(Pem.certificate(certificate), Pem.key(key));
  }

  /// Reads the server's certificate, or makes a new one where there is none that is good for these
  /// names.
  ///
  /// @param names host names and IP addresses
  Identity server(Path folder, Collection<String> names)
      throws IOException, GeneralSecurityException {
    var certificateFile = folder.resolve("server.crt");
    var keyFile = folder.resolve("server.key");
    if (Files.exists(certificateFile)) {
      var found = read(certificateFile, keyFile);
      if (isGood(found.certificate(), names)) {
        return found;
      }
      // So that no crash between the two writes below leaves a certificate with another's key.
      Files.delete(certificateFile);
    }
    var made = Certificates.server(own, names, clock.instant());
    Pem.write(keyFile, made.key());
    Pem.write(certificateFile, made.certificate());
    return made;
  }

  private boolean isGood(X509Certificate found, Collection<String> names)
      throws GeneralSecurityException {
    return found.getIssuerX500Principal().equals(own.certificate.getSubjectX500Principal())
        && found.getNotAfter().toInstant().isAfter(clock.instant().plus(RENEWAL))
        && names(found)
            .equals(names.stream().map(Authority::canonical).collect(Collectors.toSet()));
  }

  private static Set<String> names(X509Certificate found) throws GeneralSecurityException {
    var names = found.getSubjectAlternativeNames();
    return names == null
        ? Set.of()
        : names.stream().map(name -> canonical(name.get(1).toString())).collect(Collectors.toSet());
  }

  /// Addresses of IP version 6 have many spellings.
  private static String canonical(String name) {
    return name.indexOf(':') < 0 ? name : InetAddress.ofLiteral(name).getHostAddress();
  }
}
