import Contract

/// Why a key set cannot be used.
package struct KeySetError: Error, CustomStringConvertible {
  package let description: String
}

/// The public keys of the issuer of tokens (RFC 7517). Keys for other purposes are ignored.
struct JSONWebKeySet: Sendable {
  var keys: [JSONWebKey] = []
  /// What is wrong with signature keys that cannot be used, a line each.
  var faults: [String] = []

  /// Without keys, so that no token is accepted.
  static let empty = JSONWebKeySet()

  private init() {}

  /// Throws if this is not a key set. A key that cannot be used does not affect the others.
  init(json: UnsafeRawBufferPointer) throws(KeySetError) {
    do {
      var reader = JSONReader(json)
      var hasKeys = false
      try reader.beginObject()
      while let name = try reader.nextKey() {
        guard name == "keys" else {
          _ = try reader.value()
          continue
        }
        guard !hasKeys else { throw KeySetError(description: "it has two members \"keys\"") }
        hasKeys = true
        try reader.beginArray()
        var number = 0
        while try reader.nextElement() {
          number += 1
          take(number, try reader.value())
        }
      }
      try reader.end()
      guard hasKeys else { throw KeySetError(description: "it has no member \"keys\"") }
    } catch let error as KeySetError {
      throw error
    } catch {
      throw KeySetError(description: "it is not a JSON Web Key Set: \(error)")
    }
  }

  init(_ bytes: [UInt8]) throws(KeySetError) {
    self = try bytes.span.withUnsafeBytes { all throws(KeySetError) in try JSONWebKeySet(json: all) }
  }

  private mutating func take(_ number: Int, _ json: UnsafeRawBufferPointer) {
    var purpose = KeyPurpose()
    do {
      try purpose.read(json)
      guard purpose.isSignature else { return }
      guard purpose.isWellFormed else { throw KeySetError(description: "it is malformed") }
      keys.append(try JSONWebKey(json: json))
    } catch {
      let name = purpose.id.map { " (\($0.prefix(64).debugDescription))" } ?? ""
      faults.append("key \(number)\(name): \(error)")
    }
  }

  /// The keys that a token may be signed with: those of its algorithm with the id that it names. If it names none, there must be
  /// only one key of the algorithm.
  func candidates(id: String?, _ algorithm: SignatureAlgorithm) -> [JSONWebKey] {
    let fitting = keys.filter { $0.algorithm == algorithm }
    guard let id else { return fitting.count == 1 ? fitting : [] }
    return fitting.filter { $0.id?.hasSameUTF8(as: id) ?? false }
  }
}

/// The purpose that a key declares.
private struct KeyPurpose {
  var id: String?
  private var type = ""
  private var use = "sig"
  private var algorithm: String?
  private var curve: String?
  /// Whether the library can decode it without failing an assertion.
  private(set) var isWellFormed = true

  mutating func read(_ json: UnsafeRawBufferPointer) throws {
    var reader = JSONReader(json)
    try reader.beginObject()
    while let name = try reader.nextKey() {
      if name == "kty" {
        type = try reader.string().string
      } else if name == "kid" {
        id = try reader.string().string
      } else if name == "use" {
        use = try reader.string().string
      } else if name == "alg" {
        algorithm = try reader.string().string
      } else if name == "crv" {
        curve = try reader.string().string
      } else if Self.encodedMembers.contains(name.string), reader.peek() == UInt8(ascii: "\"") {
        let text = try reader.string().string
        isWellFormed = isWellFormed && Base64URL.isWellFormed(text.utf8)
      } else {
        _ = try reader.value()
      }
    }
  }

  /// The members that cjose decodes.
  private static let encodedMembers: Set<String> = [
    "n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k",
  ]

  /// Whether it is for signatures with a supported algorithm.
  var isSignature: Bool {
    guard use == "sig" else { return false }
    switch type {
    case "RSA": return algorithm.map { $0 == SignatureAlgorithm.rs256.rawValue } ?? true
    case "EC":
      return curve == "P-256" && (algorithm.map { $0 == SignatureAlgorithm.es256.rawValue } ?? true)
    default: return false
    }
  }
}
