package org.capataz.headnode.security;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;
import org.capataz.headnode.security.Authority.Identity;

/// Makes keys and certificates, which the JDK cannot.
final class Certificates {

  private static final Duration AUTHORITY_LIFE = Duration.ofDays(30 * 365);
  private static final Duration SERVER_LIFE = Duration.ofDays(3 * 365);

  /// So that a clock that is behind accepts them too.
  private static final Duration CLOCK_ERROR = Duration.ofDays(1);

  private static final int SERIAL_BITS = 128;

  private Certificates() {}

  /// A new authority, named so that no two are taken for each other.
  static Identity authority(Instant now) throws GeneralSecurityException {
    var pair = newPair();
    var name = new X500Principal("CN=Capataz authority " + newSerial().toString(16));
    var builder = builder(name, name, pair.getPublic(), now, AUTHORITY_LIFE);
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    } catch (CertIOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
    return new Identity(sign(builder, pair.getPrivate()), pair.getPrivate());
  }

  /// A new certificate for a server of these names.
  static Identity server(Identity authority, Collection<String> names, Instant now)
      throws GeneralSecurityException {
    var pair = newPair();
    var builder =
        builder(
            authority.certificate().getSubjectX500Principal(),
            new X500Principal("CN=Capataz head node"),
            pair.getPublic(),
            now,
            SERVER_LIFE);
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
          .addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(
                  names.stream().map(Certificates::general).toArray(GeneralName[]::new)));
    } catch (CertIOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
    return new Identity(sign(builder, authority.key()), pair.getPrivate());
  }

  private static GeneralName general(String name) {
    // A machine may well be called 10.
    return new GeneralName(
        IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static X509v3CertificateBuilder builder(
      X500Principal issuer, X500Principal subject, PublicKey key, Instant now, Duration life) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        newSerial(),
        Date.from(now.minus(CLOCK_ERROR)),
        Date.from(now.plus(life)),
        subject,
        key);
  }

  private static BigInteger newSerial() {
    return new BigInteger(SERIAL_BITS, new SecureRandom());
  }

  private static KeyPair newPair() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException impossible) {
      throw new GeneralSecurityException(impossible);
    }
  }
}
