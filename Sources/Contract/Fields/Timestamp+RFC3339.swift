extension Timestamp {
  /// Reads "2026-11-05T10:20:30.123456789Z", with up to nine digits of a second or none, and "Z" or an offset such as
  /// "+01:00". Nil for anything else, and outside of the years 1 to 9999.
  public init?(rfc3339 text: UnsafeRawBufferPointer) {
    var scanner = Scanner(text: text)
    guard
      let year = scanner.number(digits: 4), scanner.take("-"),
      let month = scanner.number(digits: 2), scanner.take("-"),
      let day = scanner.number(digits: 2), scanner.take("T"),
      let hour = scanner.number(digits: 2), scanner.take(":"),
      let minute = scanner.number(digits: 2), scanner.take(":"),
      let second = scanner.number(digits: 2),
      let nanos = scanner.fraction(),
      let offset = scanner.offset(), scanner.isAtEnd,
      let date = CivilDate(year: year, month: month, day: day),
      hour < 24, minute < 60, second < 60
    else { return nil }
    let local = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second
    self.init(seconds: local - offset, nanos: Int32(nanos))
    guard isValid else { return nil }
  }

  /// Such as "2026-11-05T10:20:30Z", with three, six or nine digits of a second where they are needed; nil if the
  /// instant is not valid.
  public var rfc3339: String? {
    guard isValid else { return nil }
    let days = seconds / 86_400 - (seconds % 86_400 < 0 ? 1 : 0)
    let date = CivilDate(daysSince1970: days)
    let second = seconds - days * 86_400
    func padded(_ value: Int64, _ digits: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: digits - text.utf8.count) + text
    }
    let fraction: String
    switch Int64(nanos) {
    case 0: fraction = ""
    case let nanos where nanos % 1_000_000 == 0: fraction = "." + padded(nanos / 1_000_000, 3)
    case let nanos where nanos % 1000 == 0: fraction = "." + padded(nanos / 1000, 6)
    case let nanos: fraction = "." + padded(nanos, 9)
    }
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
      + "T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))\(fraction)Z"
  }
}

private struct Scanner {
  let text: UnsafeRawBufferPointer
  var index = 0

  var isAtEnd: Bool { index == text.count }

  mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard index < text.count, text[index] == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  mutating func digit() -> Int64? {
    guard index < text.count, text[index] >= UInt8(ascii: "0"), text[index] <= UInt8(ascii: "9") else {
      return nil
    }
    index += 1
    return Int64(text[index - 1] - UInt8(ascii: "0"))
  }

  mutating func number(digits: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// The nanoseconds of "." and one to nine digits, or zero for no fraction.
  mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    guard var nanos = digit() else { return nil }
    var count = 1
    while count < 9, let digit = digit() {
      nanos = nanos * 10 + digit
      count += 1
    }
    while count < 9 {
      nanos *= 10
      count += 1
    }
    return nanos
  }

  /// The seconds east of UTC that "Z" or "+hh:mm" says.
  mutating func offset() -> Int64? {
    if take("Z") { return 0 }
    let isEast = take("+")
    guard isEast || take("-"), let hours = number(digits: 2), take(":"), let minutes = number(digits: 2),
      hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return isEast ? seconds : -seconds
  }
}
