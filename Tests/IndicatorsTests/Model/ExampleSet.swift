import Foundation
import ReferenceModel
import Testing

/// One of the event sets with their exact results in `Tests/Fixtures/examples`.
struct ExampleSet: CustomTestStringConvertible {
  var number: Int

  static let all = [101, 102, 103].map(ExampleSet.init)

  private static let directory = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/examples")

  private static func contents(of file: String) throws -> Data {
    try Data(contentsOf: directory.appending(path: file))
  }

  private static func lines(of file: String) throws -> [Substring] {
    String(decoding: try contents(of: file), as: UTF8.self).split(separator: "\n")
  }

  /// The catalog of all sets, as JSON.
  static func catalog() throws -> Data { try contents(of: "catalog.json") }

  func events() throws -> [LoggedEvent] {
    try ExampleSet.lines(of: "set-\(number).events.ndjson").map { line in
      LoggedEvent(try #require(try InputEvent(line: line)))
    }
  }

  func expectedLines() throws -> [String] {
    try ExampleSet.lines(of: "set-\(number).expected.ndjson").map(String.init)
  }

  var testDescription: String { "set \(number)" }
}
