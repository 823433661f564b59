import CJose

/// A signature algorithm that tokens may have (RFC 7518). Nothing but package keys verifies one, so that no package key can
/// pass for a shared secret.
package enum SignatureAlgorithm: String {
  case rs256 = "RS256"
  case es256 = "ES256"
}

/// A package key that tokens may be signed with; owns the library's handle.
final class JSONWebKey: @unchecked Sendable {
  // Read-only after init.
  let handle: OpaquePointer
  /// What tokens name it by; nil for a key without a name.
  let id: String?
  let algorithm: SignatureAlgorithm

  /// Reads an RSA key of 2048 bits or more, or one of P-256. Throws for one that is malformed or weak; the result of
  /// `isRelevant` says beforehand whether a key is meant for this at all.
  init(json: UnsafeRawBufferPointer) throws(KeySetError) {
    let text = json.assumingMemoryBound(to: CChar.self)
    guard let handle = cjose_jwk_import(text.baseAddress, text.count, nil) else {
      throw KeySetError(description: "a key is malformed")
    }
    let size = cjose_jwk_get_keysize(handle, nil)
    let algorithm: SignatureAlgorithm? =
      switch cjose_jwk_get_kty(handle, nil) {
      case CJOSE_JWK_KTY_RSA where size >= 2048: .rs256
      case CJOSE_JWK_KTY_EC where size == 256: .es256
      default: nil
      }
    guard let algorithm else {
      cjose_jwk_release(handle)
      throw KeySetError(description: "a key is neither RSA with at least 2048 bits nor EC P-256")
    }
    self.handle = handle
    self.algorithm = algorithm
    id = cjose_jwk_get_kid(handle, nil).map { String(cString: $0) }
  }

  deinit { cjose_jwk_release(handle) }
}
