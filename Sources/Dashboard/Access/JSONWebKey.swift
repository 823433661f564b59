import CJose
import Contract
import Glibc
import Synchronization

/// A signature algorithm that tokens may use (RFC 7518). All are asymmetric, so no public key can be passed off as a shared secret.
package enum SignatureAlgorithm: String {
  case rs256 = "RS256"
  case es256 = "ES256"
}

/// A public key that tokens may be signed with; owns the library's handle.
final class JSONWebKey: @unchecked Sendable {
  // Read-only after init.
  let handle: OpaquePointer
  /// The id by which tokens name it (`kid`); nil if it has none.
  let id: String?
  let algorithm: SignatureAlgorithm
  /// Equal for two keys if they have the same id and numbers.
  let identity: ExactText
  private let revoked = Atomic(false)

  /// The minimum size of an RSA key, in bits.
  private static let rsaBits = 2048

  /// Reads an RSA key of 2048 bits or more, or a key on the curve P-256. Throws for one that is malformed or weak.
  init(json: UnsafeRawBufferPointer) throws(KeySetError) {
    let text = json.assumingMemoryBound(to: CChar.self)
    guard let handle = cjose_jwk_import(text.baseAddress, text.count, nil) else {
      throw KeySetError(description: "it is malformed")
    }
    guard let algorithm = Self.algorithm(of: handle), let identity = Self.identity(of: handle) else {
      defer { cjose_jwk_release(handle) }
      throw KeySetError(
        description: cjose_jwk_get_kty(handle, nil) == CJOSE_JWK_KTY_RSA
          ? "it has \(cjose_jwk_get_keysize(handle, nil)) bits, and \(Self.rsaBits) are the least"
          : "it is not of the curve P-256")
    }
    self.handle = handle
    self.algorithm = algorithm
    self.identity = identity
    id = cjose_jwk_get_kid(handle, nil).map { String(cString: $0) }
  }

  deinit { cjose_jwk_release(handle) }

  private static func algorithm(of handle: OpaquePointer) -> SignatureAlgorithm? {
    let size = cjose_jwk_get_keysize(handle, nil)
    return switch cjose_jwk_get_kty(handle, nil) {
    case CJOSE_JWK_KTY_RSA where size >= rsaBits: .rs256
    case CJOSE_JWK_KTY_EC where size == 256: .es256
    default: nil
    }
  }

  /// The public part only, as the library writes it.
  private static func identity(of handle: OpaquePointer) -> ExactText? {
    let text = cjose_jwk_to_json(handle, false, nil)
    defer { free(text) }
    return text.map { ExactText(String(cString: $0)) }
  }

  /// Whether it is no longer in the key set; streams that it has admitted then end.
  var isRevoked: Bool { revoked.load(ordering: .acquiring) }

  func revoke() { revoked.store(true, ordering: .releasing) }
}
