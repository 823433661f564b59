import Foundation

/// A directory of a test's own; goes with it.
final class Scratch {
  let url: URL
  private var files = 0

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("partner-pulse-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A name that no file has, in a directory that is hidden from `contents`.
  func newFile(_ stem: String) -> URL {
    files += 1
    return url.appendingPathComponent(".\(stem)-\(files)")
  }

  /// Writes a file; returns its name, for a program that runs in this directory.
  func write(_ text: String, as name: String) throws -> String {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
    return name
  }

  /// Names of what a program left here.
  var contents: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: url.path).filter { !$0.hasPrefix(".") }.sorted()
    }
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(at: url.appendingPathComponent(name))
  }

  @discardableResult
  func run(_ arguments: String..., input: String = "") throws -> Outcome {
    try CommandLineProgram.run(arguments, in: self, input: input)
  }
}
