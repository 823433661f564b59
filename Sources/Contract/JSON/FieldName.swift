/// A field's name in the schema and its lowerCamelCase form in JSON.
struct FieldName {
  private let snakeCase: UnsafeBufferPointer<UInt8>

  init(_ name: StaticString) {
    snakeCase = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
  }

  /// Calls `body` with each byte of the lowerCamelCase form, until it answers false.
  private func forEachCamelCaseByte(_ body: (UInt8) -> Bool) {
    var isAfterUnderscore = false
    for byte in snakeCase {
      if byte == UInt8(ascii: "_") {
        isAfterUnderscore = true
        continue
      }
      let isLower = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
      guard body(isAfterUnderscore && isLower ? byte & ~0x20 : byte) else { return }
      isAfterUnderscore = false
    }
  }

  /// Whether `key` is either form.
  func matches(_ key: JSONString) -> Bool {
    key.withUTF8Bytes { key in
      if key.hasSameBytes(as: UnsafeRawBufferPointer(snakeCase)) { return true }
      var index = 0
      forEachCamelCaseByte { byte in
        guard index < key.count, key[index] == byte else {
          index = -1
          return false
        }
        index += 1
        return true
      }
      return index == key.count
    }
  }

  /// The lowerCamelCase form.
  var camelCase: String {
    var bytes: [UInt8] = []
    forEachCamelCaseByte {
      bytes.append($0)
      return true
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
