/// The severity of a log message.
package enum Severity: Sendable {
  case info
  case warning
}

/// Logs a line for the operators of the program. Called on any thread.
package typealias Report = @Sendable (Severity, String) -> Void

/// Rate-limits repeated messages with exponential backoff: after each message that is let through, suppresses and counts those
/// of the same kind, each time for twice as long. Messages that differ only in digits are of the same kind. All times are in
/// seconds of one monotonic clock.
package struct RepeatFilter: Sendable {
  private struct Kind: Sendable {
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

  /// The text to print, with the number of suppressed messages; nil to print nothing. O(bytes).
  package mutating func admit(_ text: String, now: Double) -> String? {
    let key = text.utf8.filter { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    if kinds.count >= Self.mostKinds { kinds.removeAll() }
    guard var kind = kinds[key], now < kind.nextAt + 2 * Self.longestPause else {
      kinds[key] = Kind(nextAt: now + Self.firstPause, pause: Self.firstPause)
      return text
    }
    guard now >= kind.nextAt else {
      kind.suppressed += 1
      kinds[key] = kind
      return nil
    }
    let suffix = kind.suppressed == 0 ? "" : " (and \(kind.suppressed) more like it)"
    kind.pause = min(Self.longestPause, kind.pause * 2)
    kind.nextAt = now + kind.pause
    kind.suppressed = 0
    kinds[key] = kind
    return text + suffix
  }
}
