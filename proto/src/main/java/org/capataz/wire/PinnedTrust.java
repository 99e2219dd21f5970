package org.capataz.wire;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts servers whose certificate comes from the authority that a token names, and no others.
///
/// Host names are not compared: the authority is the cluster's own and signs certificates of its
/// head node only, so that whoever holds one *is* the head node, under whatever name or address it
/// is reached. The same makes public authorities useless here.
final class PinnedTrust extends X509ExtendedTrustManager {

  private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";

  private final Token token;

  PinnedTrust(Token token) {
    this.token = token;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    for (var authority : List.of(chain).subList(1, chain.length)) {
      if (token.trusts(authority)) {
        check(chain[0], authority);
        return;
      }
    }
    throw new CertificateException(
        "expected the head node that the token comes from, but another one answered");
  }

  private static void check(X509Certificate server, X509Certificate authority)
      throws CertificateException {
    authority.checkValidity();
    server.checkValidity();
    try {
      server.verify(authority.getPublicKey());
    } catch (GeneralSecurityException forged) {
      throw new CertificateException(
          "expected a certificate that the token's authority signed, but it did not", forged);
    }
    var uses = server.getExtendedKeyUsage();
    if (authority.getBasicConstraints() < 0
        || server.getBasicConstraints() >= 0
        || uses == null
        || !uses.contains(SERVER_USE)) {
      throw new CertificateException("expected a server's certificate, but it is for another use");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("expected a server, but a client presents a certificate");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
