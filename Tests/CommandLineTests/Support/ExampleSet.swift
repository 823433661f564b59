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
