import Contract

/// The claims of a JSON Web Token (RFC 7519).
struct TokenClaims: Sendable {
  private typealias Members = [ExactText: Value]

  /// A claim's value, of the types that are used.
  private enum Value: Sendable {
    case text(String)
    case texts([String])
    case number(Double)
    case members([ExactText: Value])
    case other
  }

  private let values: Members

  /// Throws if this is not an object, or has a member twice.
  init(json: UnsafeRawBufferPointer) throws(TokenRefusal) {
    do {
      var reader = JSONReader(json)
      values = try Self.members(&reader)
      try reader.end()
    } catch {
      throw .malformed
    }
  }

  private static func members(_ reader: inout JSONReader) throws -> Members {
    var members: Members = [:]
    try reader.beginObject()
    while let name = try reader.nextKey() {
      guard members.updateValue(try value(&reader), forKey: ExactText(name.string)) == nil else {
        throw TokenRefusal.malformed
      }
    }
    return members
  }

  private static func value(_ reader: inout JSONReader) throws -> Value {
    switch reader.peek() {
    case UInt8(ascii: "\""): return .text(try reader.string().string)
    case UInt8(ascii: "{"): return .members(try members(&reader))
    case UInt8(ascii: "["):
      var texts: [String] = []
      try reader.beginArray()
      while try reader.nextElement() {
        // Only texts are used.
        if reader.peek() == UInt8(ascii: "\"") {
          texts.append(try reader.string().string)
        } else {
          _ = try reader.value()
        }
      }
      return .texts(texts)
    case let byte? where byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
      return Double(String(decoding: try reader.number(), as: UTF8.self)).map { .number($0) } ?? .other
    default:
      _ = try reader.value()
      return .other
    }
  }

  func text(_ name: String) -> String? {
    if case .text(let text) = values[ExactText(name)] { text } else { nil }
  }

  /// The value of a claim that is a text or an array of texts; otherwise none.
  func texts(_ name: String) -> [String] { Self.texts(values[ExactText(name)]) }

  /// The texts of the claim with the name `path`, or else of a member of a claim: "realm_access.roles" is the member "roles" of the
  /// claim "realm_access". If dots can be read in several ways, the longest name is tried first.
  func texts(at path: String) -> [String] { Self.texts(Self.find(path.utf8[...], in: values)) }

  private static func find(_ path: Substring.UTF8View, in members: Members) -> Value? {
    if let value = members[ExactText(String(Substring(path)))] { return value }
    for dot in path.indices.reversed() where path[dot] == UInt8(ascii: ".") {
      guard case .members(let inner) = members[ExactText(String(Substring(path[..<dot])))] else { continue }
      if let value = find(path[path.index(after: dot)...], in: inner) { return value }
    }
    return nil
  }

  private static func texts(_ value: Value?) -> [String] {
    switch value {
    case .text(let text): [text]
    case .texts(let texts): texts
    case .number, .members, .other, nil: []
    }
  }

  /// In seconds since 1970 UTC. Nil if there is no such claim; throws if it is not an instant.
  func instant(_ name: String) throws(TokenRefusal) -> Double? {
    switch values[ExactText(name)] {
    case nil: nil
    case .number(let seconds) where seconds.magnitude < 1e15: seconds
    default: throw .malformed
    }
  }
}
