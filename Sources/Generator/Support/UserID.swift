import Randomness

/// A GUID made of a number.
struct UserID {
  private let high: UInt64
  private let low: UInt64

  init(_ number: Int, seed: UInt64) {
    high = SplitMix64.mix(UInt64(truncatingIfNeeded: number) ^ SplitMix64.mix(seed))
    low = SplitMix64.mix(high ^ 0x9e37_79b9_7f4a_7c15)
  }

  /// Appends 36 characters: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
  func append(to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(byteCount: 36, alignment: 1) { text in
      var place = 0
      for index in 0..<16 {
        if index == 4 || index == 6 || index == 8 || index == 10 {
          text[place] = UInt8(ascii: "-")
          place += 1
        }
        let half = index < 8 ? high : low
        let byte = UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * (index & 7)))
        text[place] = Self.digit(byte >> 4)
        text[place + 1] = Self.digit(byte & 15)
        place += 2
      }
      bytes.append(contentsOf: text)
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }
}
