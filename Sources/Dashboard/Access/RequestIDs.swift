import Synchronization

/// Names requests, so that an answer and a line of the access log can be brought together.
final class RequestIDs: Sendable {
  private let prefix = RequestIDs.hexadecimal(UInt64.random(in: 0 ... .max))
  private let number = Atomic<UInt64>(0)

  /// Sixteen hexadecimal digits that are this object's, and a number.
  func next() -> String { "\(prefix)-\(number.add(1, ordering: .relaxed).newValue)" }

  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
