import Contract

/// A file of keys is not what it must be.
package struct KeySetError: Error, CustomStringConvertible {
  package let description: String
}

/// The package keys of who issues tokens (RFC 7517). Keys that are for something else are passed over.
struct JSONWebKeySet: Sendable {
  let keys: [JSONWebKey]

  init(json: UnsafeRawBufferPointer) throws(KeySetError) {
    keys = try Self.read { () throws in
      var reader = JSONReader(json)
      var keys: [JSONWebKey] = []
      try reader.beginObject()
      while let name = try reader.nextKey() {
        guard name == "keys" else {
          _ = try reader.value()
          continue
        }
        try reader.beginArray()
        while try reader.nextElement() {
          let key = try reader.value()
          if try KeyPurpose(json: key).isSignature { keys.append(try JSONWebKey(json: key)) }
        }
      }
      try reader.end()
      return keys
    }
    guard !keys.isEmpty else {
      throw KeySetError(description: "it has no signature key for RS256 or ES256")
    }
  }

  private static func read(_ body: () throws -> [JSONWebKey]) throws(KeySetError) -> [JSONWebKey] {
    do {
      return try body()
    } catch let error as KeySetError {
      throw error
    } catch {
      throw KeySetError(description: "it is not a JSON Web Key Set: \(error)")
    }
  }

  /// The keys that a token may be signed with: those of its algorithm that have the name it gives. One that gives no name
  /// must leave no choice.
  func candidates(id: String?, _ algorithm: SignatureAlgorithm) -> [JSONWebKey] {
    let fitting = keys.filter { $0.algorithm == algorithm }
    guard let id else { return fitting.count == 1 ? fitting : [] }
    return fitting.filter { $0.id?.hasSameUTF8(as: id) ?? false }
  }
}

/// What a key says that it is for.
private struct KeyPurpose {
  var type = ""
  var use = "sig"
  var algorithm: String?
  var curve: String?

  init(json: UnsafeRawBufferPointer) throws {
    var reader = JSONReader(json)
    try reader.beginObject()
    while let name = try reader.nextKey() {
      if name == "kty" {
        type = try reader.string().string
      } else if name == "use" {
        use = try reader.string().string
      } else if name == "alg" {
        algorithm = try reader.string().string
      } else if name == "crv" {
        curve = try reader.string().string
      } else if Self.encodedMembers.contains(name.string), reader.peek() == UInt8(ascii: "\"") {
        guard Base64URL.isWellFormed(try reader.string().string.utf8) else {
          throw KeySetError(description: "a key is malformed")
        }
      } else {
        _ = try reader.value()
      }
    }
  }

  /// What cjose decodes.
  private static let encodedMembers: Set<String> = [
    "n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k",
  ]

  /// Whether it is for signatures of a kind that is taken.
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
