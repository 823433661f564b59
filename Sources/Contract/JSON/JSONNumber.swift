/// A number in RFC 8259's grammar, taken apart without rounding.
struct JSONNumber {
  private(set) var isNegative = false
  private var integer: Range<Int> = 0..<0
  private var fraction: Range<Int> = 0..<0
  private var exponent = 0
  private let bytes: UnsafeRawBufferPointer
  private var count = 0

  /// The bytes that the number at the start of `bytes` takes, or nil if none is there.
  static func prefix(of bytes: UnsafeRawBufferPointer) -> Int? {
    JSONNumber(prefixOf: bytes)?.count
  }

  /// The number that is all of `bytes`, or nil.
  init?(_ bytes: UnsafeRawBufferPointer) {
    self.init(prefixOf: bytes)
    guard count == bytes.count else { return nil }
  }

  private init?(prefixOf bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    isNegative = take("-")
    integer = digits()
    guard !integer.isEmpty, integer.count == 1 || bytes[integer.lowerBound] != UInt8(ascii: "0") else {
      return nil
    }
    if take(".") {
      fraction = digits()
      guard !fraction.isEmpty else { return nil }
    }
    if take("e") || take("E") {
      let isSmall = take("-")
      if !isSmall { _ = take("+") }
      let range = digits()
      guard !range.isEmpty else { return nil }
      // Larger than any text is long, so that a larger one makes no difference.
      for digit in bytes[range] where exponent < 1 << 40 { exponent = exponent * 10 + Int(digit & 15) }
      if isSmall { exponent = -exponent }
    }
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard count < bytes.count, bytes[count] == UInt8(ascii: byte) else { return false }
    count += 1
    return true
  }

  private mutating func digits() -> Range<Int> {
    let start = count
    while count < bytes.count, Self.isDigit(bytes[count]) { count += 1 }
    return start..<count
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// The number's value, if it is whole (as 1.0 and 1e3 are) and fits.
  func int64() throws(DecodingError.Reason) -> Int64 {
    // Digits up to here are before the decimal point once the exponent has moved it.
    let (whole, _) = integer.count.addingReportingOverflow(exponent)
    var value: Int64 = 0
    var position = 0
    for range in [integer, fraction] {
      for byte in bytes[range] {
        let digit = Int64(byte & 15)
        if position < whole {
          value = try appending(digit, to: value)
        } else if digit != 0 {
          throw .notAnInteger
        }
        position += 1
      }
    }
    while position < whole, value != 0 {
      value = try appending(0, to: value)
      position += 1
    }
    return value
  }

  /// The same, if it fits into `Value`.
  func whole<Value: FixedWidthInteger>() throws(DecodingError.Reason) -> Value {
    guard let value = Value(exactly: try int64()) else { throw .numberOutOfRange }
    return value
  }

  private func appending(_ digit: Int64, to value: Int64) throws(DecodingError.Reason) -> Int64 {
    let (tenfold, overflowed) = value.multipliedReportingOverflow(by: 10)
    let (sum, overflowedToo) = tenfold.addingReportingOverflow(isNegative ? -digit : digit)
    guard !overflowed, !overflowedToo else { throw .numberOutOfRange }
    return sum
  }

  /// The nearest double; throws past the largest one.
  func double() throws(DecodingError.Reason) -> Double {
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
      throw .numberOutOfRange
    }
    return value
  }
}

extension DecodingError.Reason: Error {}
