import CJose
import Foundation
import Glibc

/// Makes keys and tokens.
final class Issuer {
  enum Kind {
    case rsa
    case weakRSA
    case p256
    case p384
  }

  let key: OpaquePointer
  let id: String
  private let algorithm: String

  init(_ kind: Kind, id: String) throws {
    var exponent: [UInt8] = [1, 0, 1]
    let made =
      switch kind {
      case .rsa: cjose_jwk_create_RSA_random(2048, &exponent, exponent.count, nil)
      case .weakRSA: cjose_jwk_create_RSA_random(1024, &exponent, exponent.count, nil)
      case .p256: cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, nil)
      case .p384: cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_384, nil)
      }
    guard let made else { throw CocoaError(.featureUnsupported) }
    key = made
    self.id = id
    algorithm =
      switch kind {
      case .rsa, .weakRSA: "RS256"
      case .p256: "ES256"
      case .p384: "ES384"
      }
    cjose_jwk_set_kid(key, id, id.utf8.count, nil)
  }

  deinit { cjose_jwk_release(key) }

  /// The public key as JSON.
  var publicKey: String {
    let text = cjose_jwk_to_json(key, false, nil)
    defer { free(text) }
    return text.map { String(cString: $0) } ?? ""
  }

  static func keySet(_ issuers: [Issuer], more: [String] = []) -> String {
    "{\"keys\": [\((issuers.map(\.publicKey) + more).joined(separator: ", "))]}"
  }

  /// A token with these claims, and with the key's own name and algorithm unless others are given.
  func token(_ claims: String, id: String?? = .none, algorithm: String? = nil, more: [String: String] = [:])
    -> String
  {
    let header = cjose_header_new(nil)
    defer { cjose_header_release(header) }
    cjose_header_set(header, "alg", algorithm ?? self.algorithm, nil)
    if let id = id ?? .some(self.id) { cjose_header_set(header, "kid", id, nil) }
    for (name, json) in more { cjose_header_set_raw(header, name, json, nil) }
    let signed = cjose_jws_sign(key, header, claims, claims.utf8.count, nil)
    defer { cjose_jws_release(signed) }
    var text: UnsafePointer<CChar>?
    return signed.flatMap { cjose_jws_export($0, &text, nil) ? text.map { String(cString: $0) } : nil } ?? ""
  }
}

/// A token put together by hand, by somebody who has no key.
func forgedToken(header: String, claims: String, signature: [UInt8]) -> String {
  [Array(header.utf8), Array(claims.utf8), signature].map(base64URL).joined(separator: ".")
}

func base64URL(_ bytes: [UInt8]) -> String {
  Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
    .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
}

/// HMAC with SHA-256, by cjose: what a server that confuses algorithms would check.
func hs256Token(secret: String, claims: String, id: String) -> String {
  let key = cjose_jwk_create_oct_spec(secret, secret.utf8.count, nil)
  defer { cjose_jwk_release(key) }
  let header = cjose_header_new(nil)
  defer { cjose_header_release(header) }
  cjose_header_set(header, "alg", "HS256", nil)
  cjose_header_set(header, "kid", id, nil)
  let signed = cjose_jws_sign(key, header, claims, claims.utf8.count, nil)
  defer { cjose_jws_release(signed) }
  var text: UnsafePointer<CChar>?
  return signed.flatMap { cjose_jws_export($0, &text, nil) ? text.map { String(cString: $0) } : nil } ?? ""
}
