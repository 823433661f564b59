/// Reads rows of CSV (RFC 4180) from a file descriptor, which may be gzip-compressed: fields in quotes may hold separators, line
/// breaks and doubled quotes; rows end with LF or CRLF. One thread owns it.
package final class CSVReader {
  package enum Item {
    /// Valid until the next call.
    case row(CSVRow)
    /// The row that starts at `line` is malformed; the next rows can be read.
    case invalid(line: Int, reason: String)
    /// Nothing came within the timeout.
    case pending
    /// The file is not text, and `command` converts it. It has no rows.
    case notText(name: String, command: String)
    /// The row that starts at `line` is longer than `longestRow`. Nothing after it can be read.
    case tooLong(line: Int)
  }

  private enum State { case fieldStart, unquoted, quoted, afterQuote, afterReturn }

  private var input: TextInput
  private let separator: UInt8
  private var state = State.fieldStart
  private var row = CSVRow()
  private var fault: String?
  /// The number of the line that is being read, from 1.
  private var line = 1

  /// The maximum size of a row in bytes: an unclosed quote must not read the whole file into memory.
  package static let longestRow = 1 << 20

  /// `descriptor` stays the caller's.
  package init(descriptor: Int32, separator: UInt8 = UInt8(ascii: ",")) {
    input = TextInput(descriptor: descriptor, capacity: 1 << 18)
    self.separator = separator
  }

  /// Bytes of the file that were read so far.
  package var position: Int64 { input.position }
  /// Lines that were read so far.
  package private(set) var lines = 0

  /// The next row that is not empty, or nil at the end. Waits up to `timeout` milliseconds, or forever if that is negative.
  package func next(timeout: Int32 = -1) throws(ReadFault) -> Item? {
    switch try input.begin(timeout) {
    case .text: break
    case .pending: return .pending
    case .notText(let name, let command): return .notText(name: name, command: command)
    }
    while true {
      while !input.unread.isEmpty {
        let byte = input.memory[input.unread.removeFirst()]
        if byte == Self.newline { line += 1 }
        if take(byte), let item = finishRow() { return item }
        if row.text.count > Self.longestRow {
          input.end()
          defer { startRow() }
          return .tooLong(line: row.line)
        }
      }
      if input.isAtEnd { return takeLast() }
      guard try input.fill(timeout) else { return .pending }
    }
  }

  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let quote = UInt8(ascii: "\"")

  /// Processes one byte. Returns whether it ends the row.
  private func take(_ byte: UInt8) -> Bool {
    if state == .afterReturn {
      if byte == Self.newline { return true }
      note("a carriage return without a line feed after it")
      state = .unquoted
    }
    switch (state, byte) {
    case (.quoted, Self.quote): state = .afterQuote
    case (.quoted, _): row.text.append(byte)
    case (.afterQuote, Self.quote):
      row.text.append(byte)
      state = .quoted
    case (_, separator):
      row.endField()
      state = .fieldStart
    case (_, Self.newline): return true
    case (_, Self.carriageReturn): state = .afterReturn
    case (.fieldStart, Self.quote): state = .quoted
    case (.afterQuote, _):
      note("text after the closing quote of field \(row.count + 1)")
      row.text.append(byte)
    case (_, Self.quote):
      note("a quote within field \(row.count + 1), which does not start with one")
    default:
      row.text.append(byte)
      state = .unquoted
    }
    return false
  }

  private func note(_ reason: String) { fault = fault ?? reason }

  /// The finished row; nil for an empty line.
  private func finishRow() -> Item? {
    let isEmpty = row.count == 0 && row.text.isEmpty && fault == nil
    row.endField()
    defer { startRow() }
    if isEmpty { return nil }
    if let fault { return .invalid(line: row.line, reason: fault) }
    return .row(row)
  }

  private func startRow() {
    lines = line - 1
    row = CSVRow(line: line)
    state = .fieldStart
    fault = nil
  }

  /// The last row, if the file does not end with a line break.
  private func takeLast() -> Item? {
    guard row.count > 0 || !row.text.isEmpty || state != .fieldStart else { return nil }
    if state == .quoted {
      note("the quote that field \(row.count + 1) starts with is not closed")
    }
    line += 1
    return finishRow()
  }
}

/// The fields of one row, without their quotes.
package struct CSVRow {
  /// The number of the line that it starts on, from 1.
  package fileprivate(set) var line = 1
  fileprivate var text: [UInt8] = []
  /// The offset in `text` where each field ends.
  private var ends: [Int] = []

  init(line: Int = 1) { self.line = line }

  fileprivate mutating func endField() { ends.append(text.count) }

  /// The number of fields.
  package var count: Int { ends.count }

  /// The field at `index`, from 0, without white space around it; nil if it is not UTF-8. O(n).
  package func field(_ index: Int) -> String? {
    var range = (index == 0 ? 0 : ends[index - 1])..<ends[index]
    while let first = range.first, Self.isSpace(text[first]) { range.removeFirst() }
    while let last = range.last, Self.isSpace(text[last]) { range.removeLast() }
    return String(validating: text[range], as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
