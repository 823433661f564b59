import EventLog

/// Counts the events of an import, and reports those that are not imported.
///
/// Lines have one number over all files, so that the log can name them by it.
final class ImportReport {
  private let console: Console
  /// So many refusals of each file are printed; nil for all.
  private let shownRefusals: Int?
  /// The files that were begun, and the number of the last line before each.
  private var files: [(name: String, before: Int, refused: Int)] = []
  /// Of the line that is being read.
  private(set) var number = 0
  /// Lines that are not empty, and rows of which a mapping makes events.
  private(set) var events = 0
  private var refusedEvents = 0
  private var refusedFiles = 0
  /// Rows that a mapping leaves out.
  private(set) var skippedRows = 0
  /// Rows that make the same event as one before.
  private(set) var repeatedRows = 0

  init(_ console: Console, shownRefusals: Int? = nil) {
    self.console = console
    self.shownRefusals = shownRefusals
  }

  func begin(_ name: String) { files.append((name, number, 0)) }

  func beginLine() { number += 1 }

  /// `line` is that of the file.
  func beginRow(line: Int) { number = (files.last?.before ?? 0) + line }

  func countEvent() { events += 1 }

  func countSkippedRow() { skippedRows += 1 }

  func countRepeatedRow() { repeatedRows += 1 }

  func refuse(_ number: Int, _ reason: String) {
    refusedEvents += 1
    // From the end, since most lines are refused while their file is read.
    guard let index = files.lastIndex(where: { $0.before < number }) else { return }
    files[index].refused += 1
    if let shownRefusals, files[index].refused > shownRefusals { return }
    let line = number - files[index].before
    console.tell(
      .error, plain: "\(files[index].name):\(line): \(reason)", reason,
      LogFields(file: files[index].name, line: line))
  }

  func refuseFile(_ reason: String) {
    refusedFiles += 1
    let name = files.last?.name ?? ""
    console.tell(.error, plain: "\(name): \(reason)", reason, LogFields(file: name))
  }

  /// Says how many refusals were not printed.
  func end() {
    guard let shownRefusals else { return }
    for file in files where file.refused > shownRefusals {
      let rest = "\(file.refused - shownRefusals) more are invalid"
      console.tell(.error, plain: "\(file.name): \(rest)", rest, LogFields(file: file.name))
    }
  }

  /// How many events are in the log, once it was flushed.
  var imported: Int { events - refusedEvents }

  /// What did not go in, if anything.
  var leftOut: String? {
    let parts = [(refusedFiles, "file"), (refusedEvents, "invalid line")].filter { $0.0 > 0 }.map(counted)
    return parts.isEmpty ? nil : parts.joined(separator: " and ") + " skipped"
  }
}
