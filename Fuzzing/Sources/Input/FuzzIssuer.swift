import CJose
import Contract
import Dashboard

/// Signs tokens with keys made for this alone, which nothing else trusts.
final class FuzzIssuer {
  static let settings = TokenSettings(keyFile: "", issuer: "issuer", audience: "pulse")

  /// The public keys: one of P-256 called "e", one of RSA called "r".
  static let keySet = #"{"keys":[{\#(elliptic),"use":"sig"},{\#(rsa),"alg":"RS256"}]}"#

  private static let elliptic = #"""
    "kty":"EC","crv":"P-256","kid":"e","x":"SFl8l63E5A8MKgH2vgXfRutOfAoMGFt7YsvBY5ZAjNo",
    "y":"IaoYMKwnXIVAtskUbBlzmMvHWA_OlqatcxaFAbZU4yM"
    """#
  private static let ellipticSecret = #""d":"wNOpCNwTQBYhBpYEgrp6SdUrS7MxeSTW-gFYZUluZ20""#
  private static let rsa = """
    "kty":"RSA","kid":"r","e":"AQAB","n":"6Nz2WAuIS-vWuy6VEImhI9uJEHjTVVn_d_t65TOBRT90m4WP-8uPOzNhRN3fbIZ\
    OAz--xCaBmMcQeEA7VXB8DoLw9khdAqsQ3WmAHWAVe08g96suBvCAXGA54iw16GIbdrB23vy3juXAQzhHI2bUxjQNwxTviU1kOeke\
    6Cmy-wMQCy3Yxwrmt7FE4x9zyiEy1MkkPBwgE84MMYXfjOp-dzUG10V0qCvKeO_JdvgeRXWfv0Lpo8Kog_e1UUsFftugvY7QoQVCK\
    DfcsQ3ZsidVKKS96h624kLSyVC9ljAWGuCp2TzInYpQCMw7m89Ma3QNx48ZYM3q2S3XMb96CGfPuw"
    """
  /// Somebody else's, under the same name.
  static let strangersKey = #"""
    {"kty":"EC","crv":"P-256","kid":"e","x":"dOZZZepuQVQ_I34fcPlDTfvq11Lm3i81fV6ReOqNJ9o",
    "y":"_H0uHVIobc1OgH_qNb0Fajh1vSUpE7OCZZtfKZmDA-M","d":"SxAF15E0RKGZXITM7CjVdEhlTW7lUjH_FoSeRO0QOgQ"}
    """#

  /// Of partner-3, signed by the RSA key.
  static let rsaToken = """
    eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJpc3N1ZXIiLCJhdWQiOiJwdWxzZSIsImV4cCI6NDEwMjQ0NDgwMCwicm\
    9sZXMiOiJwYXJ0bmVyLXZpZXdlciIsInBhcnRuZXJfaWQiOiJwYXJ0bmVyLTMifQ.fxeg_sTxyQ7x6lEcD1xpj-dJnCQuZh4zJ9EX\
    hj5GTS0Cv0YvH2ZqBlr2glUXXoSk-Mupa0Kz4ud6HskXrnsXkoePmXPQNHib5Plsv1Gg7MqbPOnh4_BUiGgNyOx60wY1qjlCPXHys\
    D3hJZpsRkGA0aWy45c__eVtzsRbKWRN_AQRsg5zYa5xHrHsict0wVl6UCsqr9AIHl0ZBMBxFCpqKKQVosJe-5bbMNrGryJNRlBbi_\
    0cVpGKzN4Jz9NQ3HOonzc4X1_okEGXMqpscf8ValE1QbhwAVdQ2bUfgUlZeWCMdQwZsVcCpCl43uhWJddRma5glYncR9ZiQqq3BXF\
    69A
    """

  /// Until the year 2100, for what is below the clock.
  static let claims = #"""
    {"iss":"issuer","aud":["pulse"],"exp":4102444800,"roles":["partner-viewer"],"partner_id":"partner-3"}
    """#

  private let key: OpaquePointer

  init(_ json: String = #"{\#(elliptic),\#(ellipticSecret)}"#) {
    guard let key = cjose_jwk_import(json, json.utf8.count, nil) else { fatalError("the key is malformed") }
    self.key = key
  }

  deinit { cjose_jwk_release(key) }

  /// A token with these claims under ES256, whatever they are; nil for claims that cannot be signed.
  func token(_ claims: [UInt8]) -> String? {
    let header = cjose_header_new(nil)
    defer { cjose_header_release(header) }
    cjose_header_set(header, "alg", "ES256", nil)
    cjose_header_set(header, "kid", "e", nil)
    guard let signed = cjose_jws_sign(key, header, claims, claims.count, nil) else { return nil }
    defer { cjose_jws_release(signed) }
    var text: UnsafePointer<CChar>?
    return cjose_jws_export(signed, &text, nil) ? text.map { String(cString: $0) } : nil
  }
}
