import Platform

/// A file of options: lines `name = value`, sections `[command]`, comments from `#` at the start of a line.
struct ConfigurationFile {
  struct Entry {
    let option: String
    let text: String
    let line: Int
    /// The command of its section; nil before the first section, for all commands that have the option.
    let command: String?
  }

  let path: String
  let entries: [Entry]

  /// The maximum size in bytes; a larger file is certainly not a file of options.
  private static let limit = 1 << 20

  /// Throws an error that names the file and the line.
  init(path: String) throws(UsageError) {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try readFile(path, limit: Self.limit)
    } catch {
      throw UsageError("\(path) cannot be read: \(error)")
    }
    try self.init(path: path, bytes)
  }

  init(path: String, _ bytes: [UInt8]) throws(UsageError) {
    var entries: [Entry] = []
    var command: String?
    for (index, bytes) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      let number = index + 1
      guard let line = String(validating: bytes, as: UTF8.self)?.trimmed else {
        throw UsageError("\(path):\(number): the line is not UTF-8")
      }
      guard !line.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) else {
        throw UsageError("\(path):\(number): the line has a control character")
      }
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("[") {
        guard line.hasSuffix("]") else {
          throw UsageError("\(path):\(number): a section is of the form [COMMAND]")
        }
        command = line.dropFirst().dropLast().split(separator: " ").joined(separator: " ")
        continue
      }
      guard let sign = line.utf8.firstIndex(of: UInt8(ascii: "=")) else {
        throw UsageError("\(path):\(number): '\(line.prefix(40))' is not of the form NAME = VALUE")
      }
      entries.append(
        Entry(
          option: line[..<sign].trimmed, text: line[line.utf8.index(after: sign)...].trimmed, line: number,
          command: command))
    }
    (self.path, self.entries) = (path, entries)
  }

  /// The values that the file gives to the options of a command.
  func given(to command: String, _ definitions: [OptionDefinition]) -> [GivenValue] {
    entries.filter { entry in
      (entry.command ?? command) == command && definitions.contains { $0.name == entry.option }
    }.map(value)
  }

  func value(_ entry: Entry) -> GivenValue {
    GivenValue(
      option: entry.option, text: entry.text,
      place: .file(path, line: entry.line, isSection: entry.command != nil))
  }
}
