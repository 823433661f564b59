import Contract

/// A pattern for dates and times, such as "d.M.yyyy HH:mm" (letters as in Unicode TR 35).
struct DatePattern {
  private enum Part {
    case year(digits: Int)
    case month, monthName, day, hour, hourOfHalf, half, minute, second, fraction, zone
    case literal(Character)
  }

  private let parts: [Part]
  /// RFC 3339, which has no fixed length.
  private let isRFC3339: Bool

  static let standard = DatePattern()

  private static let runs: [String: Part] = [
    "yyyy": .year(digits: 4), "yy": .year(digits: 2), "M": .month, "MM": .month, "MMM": .monthName,
    "d": .day, "dd": .day, "H": .hour, "HH": .hour, "h": .hourOfHalf, "hh": .hourOfHalf, "a": .half,
    "m": .minute, "mm": .minute, "s": .second, "ss": .second, "S": .fraction, "SSS": .fraction, "Z": .zone,
  ]

  private init() { (parts, isRFC3339) = ([], true) }

  /// Nil for a pattern that lacks a year, a month or a day, or that has unknown letters. Text in single quotes is literal.
  init?(_ pattern: String) {
    if pattern == "RFC 3339" {
      self = .standard
      return
    }
    isRFC3339 = false
    var parts: [Part] = []
    var rest = pattern[...]
    while let first = rest.first {
      if first == "'" {
        guard let end = rest.dropFirst().firstIndex(of: "'") else { return nil }
        parts += rest[..<end].dropFirst().map { .literal($0) }
        rest = rest[end...].dropFirst()
      } else if first.isASCII, first.isLetter {
        let run = rest.prefix { $0 == first }
        guard let part = Self.runs[String(run)] else { return nil }
        parts.append(part)
        rest = rest.dropFirst(run.count)
      } else {
        parts.append(.literal(first))
        rest = rest.dropFirst()
      }
    }
    func has(_ isIt: (Part) -> Bool) -> Bool { parts.contains(where: isIt) }
    guard has({ if case .year = $0 { true } else { false } }),
      has({ if case .day = $0 { true } else { false } }),
      has({
        switch $0 {
        case .month, .monthName: true
        default: false
        }
      })
    else { return nil }
    self.parts = parts
  }

  /// The instant that `text` stands for; nil if it does not match the pattern. `zone`, in seconds east of UTC, is used if the
  /// text has no offset. Missing parts of the time of day are zero.
  func time(_ text: String, zone: Int64) -> Timestamp? {
    if isRFC3339 { return text.withUTF8Bytes { Timestamp(rfc3339: $0) } }
    var scanner = DateScanner(text)
    var (year, month, day, hour, minute, second) = (
      Int64(0), Int64(0), Int64(0), Int64(0), Int64(0), Int64(0)
    )
    var (nanos, zone) = (Int32(0), zone)
    var half: Int64?
    for part in parts {
      switch part {
      case .year(4):
        guard let value = scanner.number(4...4) else { return nil }
        year = value
      case .year:
        guard let value = scanner.number(2...2) else { return nil }
        year = 2000 + value
      case .month:
        guard let value = scanner.number(1...2) else { return nil }
        month = value
      case .monthName:
        guard let value = scanner.name(of: DateScanner.months) else { return nil }
        month = value + 1
      case .day:
        guard let value = scanner.number(1...2) else { return nil }
        day = value
      case .hour:
        guard let value = scanner.number(1...2), value < 24 else { return nil }
        hour = value
      case .hourOfHalf:
        guard let value = scanner.number(1...2), (1...12).contains(value) else { return nil }
        hour = value % 12
      case .half:
        guard let value = scanner.name(of: ["AM", "PM"]) else { return nil }
        half = value
      case .minute:
        guard let value = scanner.number(1...2), value < 60 else { return nil }
        minute = value
      case .second:
        guard let value = scanner.number(1...2), value < 60 else { return nil }
        second = value
      case .fraction:
        guard let value = scanner.nanoseconds() else { return nil }
        nanos = value
      case .zone:
        guard let value = scanner.zone() else { return nil }
        zone = value
      case .literal(let character):
        guard scanner.take(character) else { return nil }
      }
    }
    guard scanner.isAtEnd, year > 0, let date = CivilDate(year: year, month: month, day: day) else {
      return nil
    }
    let seconds = date.daysSince1970 * 86_400 + (hour + 12 * (half ?? 0)) * 3600 + minute * 60 + second - zone
    let time = Timestamp(seconds: seconds, nanos: nanos)
    return time.isValid ? time : nil
  }

  /// The offset "Z", "+01:00" or "+0100" in seconds east of UTC; nil for anything else.
  static func zone(_ text: String) -> Int64? {
    var scanner = DateScanner(text)
    guard let zone = scanner.zone(), scanner.isAtEnd else { return nil }
    return zone
  }
}

private struct DateScanner {
  private var rest: Substring

  static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  init(_ text: String) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  /// The next digits, as many of them as there are and `count` allows; nil if there are too few.
  mutating func digits(_ count: ClosedRange<Int>) -> Substring? {
    let digits = rest.prefix(count.upperBound).prefix { ("0"..."9").contains($0) }
    guard digits.count >= count.lowerBound else { return nil }
    rest = rest.dropFirst(digits.count)
    return digits
  }

  mutating func number(_ count: ClosedRange<Int>) -> Int64? { digits(count).flatMap { Int64($0) } }

  /// The index of the name that comes next, ignoring case.
  mutating func name(of names: [String]) -> Int64? {
    for (index, name) in names.enumerated() where rest.prefix(name.count).lowercased() == name.lowercased() {
      rest = rest.dropFirst(name.count)
      return Int64(index)
    }
    return nil
  }

  mutating func nanoseconds() -> Int32? {
    digits(1...9).flatMap { Int32(String($0) + String(repeating: "0", count: 9 - $0.count)) }
  }

  mutating func zone() -> Int64? {
    if take("Z") { return 0 }
    let isEast = take("+")
    guard isEast || take("-"), let hours = number(2...2) else { return nil }
    _ = take(":")
    guard let minutes = number(2...2), hours < 24, minutes < 60 else { return nil }
    return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
  }
}
