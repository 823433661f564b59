/// The severity of a log message.
package enum Severity: Sendable {
  case info
  case warning
}

/// Logs a line for the operators of the program. Called on any thread.
package typealias Report = @Sendable (Severity, LogMessage) -> Void

/// Rate-limits repeated messages with exponential backoff: after each message that is let through, suppresses and counts those
/// of the same kind, each time for twice as long. Messages that differ only in digits are of the same kind, unless they are about
/// something else. All times are in seconds of one monotonic clock.
package struct RepeatFilter: Sendable {
  private struct Kind: Sendable {
    /// A message of this kind.
    let text: String
    var nextAt: Double
    var pause: Double
    var suppressed = 0
  }

  private static let firstPause = 1.0
  private static let longestPause = 300.0
  /// More kinds than this at a time are no repeats.
  private static let mostKinds = 1_000

  private var kinds: [[UInt8]: Kind] = [:]

  package init() {}

  /// How many messages like this were suppressed since the last one; nil to print nothing. O(bytes).
  package mutating func admit(_ text: String, about subject: String = "", now: Double) -> Int? {
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    let key = text.utf8.filter { !isDigit($0) } + [0] + subject.utf8
    if kinds.count >= Self.mostKinds { kinds.removeAll() }
    guard var kind = kinds[key], now < kind.nextAt + 2 * Self.longestPause else {
      kinds[key] = Kind(text: text, nextAt: now + Self.firstPause, pause: Self.firstPause)
      return 0
    }
    guard now >= kind.nextAt else {
      kind.suppressed += 1
      kinds[key] = kind
      return nil
    }
    let suppressed = kind.suppressed
    kind.pause = min(Self.longestPause, kind.pause * 2)
    kind.nextAt = now + kind.pause
    kind.suppressed = 0
    kinds[key] = kind
    return suppressed
  }

  /// A message of each kind that was suppressed since it was last let through, and how often; by text.
  package var suppressed: [(text: String, count: Int)] {
    kinds.values.filter { $0.suppressed > 0 }.map { ($0.text, $0.suppressed) }.sorted { $0.text < $1.text }
  }
}
