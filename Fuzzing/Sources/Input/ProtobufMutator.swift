import Randomness

/// Changes single fields of a protobuf message, at any depth.
struct ProtobufMutator {
  var words: [String]
  /// Messages of the same type, to take fields from.
  var donors: [[UInt8]]

  private enum Content {
    case varint(UInt64)
    case fixed([UInt8])
    case bytes([UInt8])
  }

  private struct Field {
    var tag: UInt64
    var content: Content
  }

  /// Nil for bytes that are no message.
  func mutate(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8]? {
    guard var fields = Self.fields(of: bytes) else { return nil }
    let donated = donors.isEmpty ? nil : Self.fields(of: random.pick(donors))
    let index = fields.isEmpty ? nil : random.below(fields.count)
    switch (random.below(8), index, donated) {
    case (0, let index?, _): fields.remove(at: index)
    case (1, let index?, _): fields.insert(fields[index], at: random.below(fields.count + 1))
    case (2...3, _, let donated?) where !donated.isEmpty:
      let field = random.pick(donated)
      if let place = fields.firstIndex(where: { $0.tag == field.tag }) {
        fields[place] = field
      } else {
        fields.append(field)
      }
    case (_, let index?, _): fields[index].content = changed(fields[index].content, &random)
    default: fields.append(Field(tag: UInt64(8 + random.below(120)), content: .varint(1)))
    }
    return fields.flatMap(Self.encoded)
  }

  private func changed(_ content: Content, _ random: inout SplitMix64) -> Content {
    switch content {
    case .varint(let number):
      let edges: [UInt64] = [
        0, 1, 2, 3, 127, 128, 0x7fff_ffff, 0x8000_0000, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, .max,
        number &+ 1, number &- 1, 0 &- number, number ^ 1,
      ]
      return .varint(random.pick(edges + [number &+ random.next() % 100_000_000, random.next()]))
    case .fixed(let bytes): return .fixed(mutated(bytes, growth: 0).padded(to: bytes.count))
    case .bytes(let bytes):
      if random.below(4) > 0, let inner = mutateInner(bytes, &random) { return .bytes(inner) }
      if !words.isEmpty, random.below(3) > 0 { return .bytes(Array(random.pick(words).utf8)) }
      return .bytes(mutated(bytes, growth: 16))
    }
  }

  /// Texts of ASCII may look like messages and are none.
  private func mutateInner(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8]? {
    let isText = !bytes.isEmpty && bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    return isText ? nil : ProtobufMutator(words: words, donors: []).mutate(bytes, &random)
  }

  private static func fields(of bytes: [UInt8]) -> [Field]? {
    var rest = bytes[...]
    var fields: [Field] = []
    while !rest.isEmpty {
      guard let tag = varint(&rest) else { return nil }
      switch tag & 7 {
      case 0:
        guard let number = varint(&rest) else { return nil }
        fields.append(Field(tag: tag, content: .varint(number)))
      case 1, 5:
        let count = tag & 7 == 1 ? 8 : 4
        guard rest.count >= count else { return nil }
        fields.append(Field(tag: tag, content: .fixed(Array(rest.prefix(count)))))
        rest = rest.dropFirst(count)
      case 2:
        guard let count = varint(&rest), count <= UInt64(rest.count) else { return nil }
        fields.append(Field(tag: tag, content: .bytes(Array(rest.prefix(Int(count))))))
        rest = rest.dropFirst(Int(count))
      default: return nil
      }
    }
    return fields
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var (value, shift): (UInt64, UInt64) = (0, 0)
    while shift < 64, let byte = rest.popFirst() {
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }

  private static func encoded(_ field: Field) -> [UInt8] {
    switch field.content {
    case .varint(let number): encoded(field.tag) + encoded(number)
    case .fixed(let bytes): encoded(field.tag) + bytes
    case .bytes(let bytes): encoded(field.tag) + encoded(UInt64(bytes.count)) + bytes
    }
  }

  private static func encoded(_ number: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}

extension [UInt8] {
  fileprivate func padded(to count: Int) -> [UInt8] {
    Array(prefix(count)) + [UInt8](repeating: 0, count: Swift.max(0, count - self.count))
  }
}
