import EventLog

/// Counts the events of an import, and reports those that are not imported.
///
/// Lines are numbered over all files together, so that a number identifies a line when the log refuses it later.
final class ImportReport {
  private let console: Console
  /// The maximum number of refusals to print of each file; nil for all.
  private let shownRefusals: Int?
  /// The files so far, each with the number of the last line before it.
  private var files: [(name: String, before: Int, refused: Int)] = []
  /// The number of the current line.
  private(set) var number = 0
  /// Lines that are not empty, and rows that a mapping does not leave out.
  private(set) var events = 0
  private var refusedEvents = 0
  private var refusedFiles = 0
  /// Rows that a mapping left out.
  private(set) var skippedRows = 0
  /// Rows with the same event as an earlier row.
  private(set) var repeatedRows = 0

  init(_ console: Console, shownRefusals: Int? = nil) {
    self.console = console
    self.shownRefusals = shownRefusals
  }

  func begin(_ name: String) { files.append((name, number, 0)) }

  func beginLine() { number += 1 }

  /// `line` is the line number within the file.
  func beginRow(line: Int) { number = (files.last?.before ?? 0) + line }

  func countEvent() { events += 1 }

  func countSkippedRow() { skippedRows += 1 }

  func countRepeatedRow() { repeatedRows += 1 }

  func refuse(_ number: Int, _ reason: String) {
    refusedEvents += 1
    // Searches backward, since most lines are refused while their file is read.
    guard let index = files.lastIndex(where: { $0.before < number }) else { return }
    files[index].refused += 1
    if let shownRefusals, files[index].refused > shownRefusals { return }
    let line = number - files[index].before
    console.report(
      .error, plain: "\(files[index].name):\(line): \(reason)", reason,
      LogFields(file: files[index].name, line: line))
  }

  func refuseFile(_ reason: String) {
    refusedFiles += 1
    let name = files.last?.name ?? ""
    console.report(.error, plain: "\(name): \(reason)", reason, LogFields(file: name))
  }

  /// Prints how many refusals were not printed.
  func end() {
    guard let shownRefusals else { return }
    for file in files where file.refused > shownRefusals {
      let rest = "\(file.refused - shownRefusals) more are invalid"
      console.report(.error, plain: "\(file.name): \(rest)", rest, LogFields(file: file.name))
    }
  }

  /// The number of imported events; final after the importer's flush.
  var imported: Int { events - refusedEvents }

  /// The numbers of files and lines that were not imported, as text; nil if all were.
  var leftOut: String? {
    let parts = [(refusedFiles, "file"), (refusedEvents, "invalid line")].filter { $0.0 > 0 }.map(counted)
    return parts.isEmpty ? nil : parts.joined(separator: " and ") + " skipped"
  }
}
