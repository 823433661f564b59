extension UnsafeRawBufferPointer {
  /// Whether all bytes are ASCII; eight at a time.
  @inlinable @inline(__always)
  package var isASCII: Bool {
    guard let base = baseAddress else { return true }
    let count = self.count
    if count >= 8 {
      var bits: UInt64 = 0
      var offset = 0
      while offset < count &- 8 {
        bits |= base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        offset &+= 8
      }
      // The last eight may overlap what was seen.
      bits |= base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      return bits & 0x8080_8080_8080_8080 == 0
    }
    var bits: UInt8 = 0
    var offset = 0
    while offset < count {
      bits |= base.load(fromByteOffset: offset, as: UInt8.self)
      offset &+= 1
    }
    return bits < 0x80
  }

  /// Whether the bytes are well-formed UTF-8: no overlong forms, surrogates or scalars past U+10FFFF
  /// (Unicode, table 3-7).
  @usableFromInline @inline(never)
  package var isValidUTF8: Bool {
    var index = 0
    while index < count {
      let length = lengthOfScalar(at: index)
      guard length > 0 else { return false }
      index += length
    }
    return true
  }

  /// The bytes of the well-formed scalar at `index`, or zero if there is none.
  @usableFromInline
  package func lengthOfScalar(at index: Int) -> Int {
    let second: ClosedRange<UInt8>
    let length: Int
    switch self[index] {
    case 0...0x7f: return 1
    case 0xc2...0xdf: (second, length) = (0x80...0xbf, 2)
    case 0xe0: (second, length) = (0xa0...0xbf, 3)
    case 0xed: (second, length) = (0x80...0x9f, 3)
    case 0xe1...0xef: (second, length) = (0x80...0xbf, 3)
    case 0xf0: (second, length) = (0x90...0xbf, 4)
    case 0xf1...0xf3: (second, length) = (0x80...0xbf, 4)
    case 0xf4: (second, length) = (0x80...0x8f, 4)
    default: return 0
    }
    guard index + length <= count, second.contains(self[index + 1]) else { return 0 }
    for continuation in self[(index + 2)..<(index + length)] where continuation & 0xc0 != 0x80 { return 0 }
    return length
  }
}
