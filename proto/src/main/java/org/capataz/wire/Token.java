package org.capataz.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.capataz.model.Result;

/// What lets its holder speak with a head node, and tells the holder which head node to trust.
///
/// As text it is one line, `capataz1.KIND.SECRET.AUTHORITY`: KIND is `client` or `node`, SECRET is
/// 32 random bytes, and AUTHORITY the SHA-256 fingerprint of the DER form of the certificate
/// authority that the head node's certificate comes from, both in base64url without padding.
/// AUTHORITY is `-` where the head node listens on a loopback address alone, without TLS.
///
/// The secret shows in [#reveal] and [#bearer] only, never in [#toString] or a message.
public final class Token {

  /// What a token is for; neither kind is good for the other's services.
  public enum Kind {
    CLIENT,
    NODE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String VERSION = "capataz1";
  private static final int SECRET_BYTES = 32;
  private static final String NO_AUTHORITY = "-";

  /// 32 bytes in base64url.
  private static final Pattern BYTES = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final Kind kind;
  private final String secret;
  private final String authority;

  private Token(Kind kind, String secret, String authority) {
    this.kind = kind;
    this.secret = secret;
    this.authority = authority;
  }

  /// A new token, for a head node without TLS.
  public static Token create(Kind kind, SecureRandom random) {
    var bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return new Token(kind, base64(bytes), NO_AUTHORITY);
  }

  /// Reads a token's text; what is refused is not repeated in the message, for it may be a secret.
  public static Result<Token> parse(String text) {
    var parts = text.strip().split("\\.", -1);
    if (parts.length != 4) {
      return refused("it has " + parts.length + " parts");
    }
    if (!parts[0].equals(VERSION)) {
      return refused("it begins otherwise, as of another version");
    }
    if (!parts[1].equals("client") && !parts[1].equals("node")) {
      return refused("it is for neither client nor node");
    }
    if (!BYTES.matcher(parts[2]).matches()) {
      return refused("its secret is not 32 bytes in base64url");
    }
    if (!parts[3].equals(NO_AUTHORITY) && !BYTES.matcher(parts[3]).matches()) {
      return refused("its fingerprint is not 32 bytes in base64url");
    }
    var kind = parts[1].equals("client") ? Kind.CLIENT : Kind.NODE;
    return Result.ok(new Token(kind, parts[2], parts[3]));
  }

  private static Result<Token> refused(String what) {
    return Result.invalid(
        "expected a token of the form capataz1.KIND.SECRET.FINGERPRINT, but "
            + what
            + "; copy the token file again from the head node");
  }

  public Kind kind() {
    return kind;
  }

  /// Whether the head node is one without TLS, which only a loopback address may be.
  public boolean isPlain() {
    return authority.equals(NO_AUTHORITY);
  }

  /// Whether this is the authority that the token names.
  public boolean trusts(X509Certificate certificate) {
    return authority.equals(fingerprint(certificate));
  }

  /// The same secret, for a head node whose certificate comes from this authority.
  public Token withAuthority(X509Certificate certificate) {
    return new Token(kind, secret, fingerprint(certificate));
  }

  /// The same secret, for a head node without TLS.
  public Token withoutAuthority() {
    return new Token(kind, secret, NO_AUTHORITY);
  }

  /// The text that [#parse] reads: a secret.
  public String reveal() {
    return VERSION + "." + kind + "." + secret + "." + authority;
  }

  /// What is presented to the head node with each call: a secret.
  public String bearer() {
    return secret;
  }

  /// Whether somebody presented this token; takes the same time wherever they differ.
  public boolean isBearer(String presented) {
    return MessageDigest.isEqual(
        presented.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return base64(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException | CertificateEncodingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "Token[" + kind + (isPlain() ? ", plain]" : "]");
  }
}
