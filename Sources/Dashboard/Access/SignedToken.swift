import CJose
import Glibc

/// Why a token is not accepted. The texts do not help to forge a better one.
package enum TokenRefusal: String, Error, Sendable {
  case malformed = "the token is malformed"
  case algorithm = "the token's algorithm is neither RS256 nor ES256"
  case unknownKey = "the token's key is unknown"
  case signature = "the token's signature is invalid"
  case issuer = "the token is from another issuer"
  case audience = "the token is for another audience"
  case expired = "the token has expired"
  case notYetValid = "the token is not valid yet"
}

/// A JSON Web Signature in compact form (RFC 7515); owns the library's handle.
struct SignedToken: ~Copyable {
  private let handle: OpaquePointer
  let algorithm: SignatureAlgorithm
  /// The key's id that it names, if any.
  let keyID: String?

  init(_ compact: String) throws(TokenRefusal) {
    let parts = compact.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ Base64URL.isWellFormed($0) }) else { throw .malformed }
    var compact = compact
    let imported = compact.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) { cjose_jws_import($0.baseAddress, $0.count, nil) }
    }
    guard let handle = imported else { throw .malformed }
    let header = cjose_jws_get_protected(handle)
    // No critical extension is supported.
    let extensions = cjose_header_get_raw(header, "crit", nil)
    free(extensions)
    let name = cjose_header_get(header, "alg", nil).map { String(cString: $0) }
    guard extensions == nil, let algorithm = name.flatMap(SignatureAlgorithm.init) else {
      cjose_jws_release(handle)
      throw extensions == nil ? .algorithm : .malformed
    }
    self.handle = handle
    self.algorithm = algorithm
    keyID = cjose_header_get(header, "kid", nil).map { String(cString: $0) }
  }

  deinit { cjose_jws_release(handle) }

  /// Verifies the signature; returns the claims and the key that made it.
  func claims(
    signedBy keys: [JSONWebKey]
  ) throws(TokenRefusal) -> (claims: TokenClaims, key: JSONWebKey) {
    guard !keys.isEmpty else { throw .unknownKey }
    guard
      let key = keys.first(where: { $0.algorithm == algorithm && cjose_jws_verify(handle, $0.handle, nil) })
    else {
      throw .signature
    }
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    guard cjose_jws_get_plaintext(handle, &bytes, &count, nil), let bytes else { throw .malformed }
    return (try TokenClaims(json: UnsafeRawBufferPointer(start: bytes, count: count)), key)
  }
}

/// Base64url without padding (RFC 7515, section 2).
enum Base64URL {
  /// Whether the text is valid. Must be checked before it is passed to cjose, which asserts it: a failed assertion would end the
  /// program.
  static func isWellFormed(_ text: some Collection<UInt8>) -> Bool {
    text.count % 4 != 1 && text.allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
