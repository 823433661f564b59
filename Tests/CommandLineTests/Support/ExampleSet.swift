import Foundation
import Testing

/// A set of events with its exact result.
struct ExampleSet: CustomTestStringConvertible {
  let name: String

  static let all = ["set-101", "set-102", "set-103"].map { ExampleSet(name: $0) }

  private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/examples")
  static let catalog = directory.appendingPathComponent("catalog.json").path

  var events: [Substring] {
    get throws { try text("events").split(separator: "\n") }
  }

  /// What `snapshots` must print.
  var expected: String {
    get throws { try text("expected") }
  }

  private func text(_ part: String) throws -> String {
    try String(contentsOf: Self.directory.appendingPathComponent("\(name).\(part).ndjson"), encoding: .utf8)
  }

  var testDescription: String { name }
}

/// A generator of random numbers that repeats itself.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
