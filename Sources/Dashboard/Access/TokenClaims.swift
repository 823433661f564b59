import Contract

/// The claims of a JSON Web Token (RFC 7519).
struct TokenClaims: Sendable {
  /// A claim's value, as far as any is looked at.
  private enum Value: Sendable {
    case text(String)
    case texts([String])
    case number(Double)
    case other
  }

  private var values: [ExactText: Value] = [:]

  /// Throws for what is no object, or has a member twice.
  init(json: UnsafeRawBufferPointer) throws(TokenRefusal) {
    do {
      var reader = JSONReader(json)
      try reader.beginObject()
      while let name = try reader.nextKey() {
        guard values.updateValue(try Self.value(&reader), forKey: ExactText(name.string)) == nil else {
          throw TokenRefusal.malformed
        }
      }
      try reader.end()
    } catch {
      throw .malformed
    }
  }

  private static func value(_ reader: inout JSONReader) throws -> Value {
    switch reader.peek() {
    case UInt8(ascii: "\""): return .text(try reader.string().string)
    case UInt8(ascii: "["):
      var texts: [String] = []
      try reader.beginArray()
      while try reader.nextElement() {
        // What is no text can be nothing that is looked for.
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

  /// A text, or several.
  func texts(_ name: String) -> [String] {
    switch values[ExactText(name)] {
    case .text(let text): [text]
    case .texts(let texts): texts
    case .number, .other, nil: []
    }
  }

  /// Seconds since 1970 UTC. Nil if there is none; throws for anything that is no instant.
  func instant(_ name: String) throws(TokenRefusal) -> Double? {
    switch values[ExactText(name)] {
    case nil: nil
    case .number(let seconds) where seconds.magnitude < 1e15: seconds
    default: throw .malformed
    }
  }
}
