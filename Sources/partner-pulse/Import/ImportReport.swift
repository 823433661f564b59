import EventLog

/// Counts the events of an import, and reports those that are not imported.
///
/// Lines have one number over all files, so that the log can name them by it.
final class ImportReport {
  private let console: Console
  /// The files that were begun, and the number of the last line before each.
  private var files: [(name: String, before: Int)] = []
  /// Of the line that is being read.
  private(set) var number = 0
  /// Lines that are not empty.
  private(set) var events = 0
  private var refusedEvents = 0
  private var refusedFiles = 0

  init(_ console: Console) { self.console = console }

  func begin(_ name: String) { files.append((name, number)) }

  func beginLine() { number += 1 }

  func countEvent() { events += 1 }

  func refuse(_ number: Int, _ reason: String) {
    refusedEvents += 1
    // From the end, since most lines are refused while their file is read.
    guard let file = files.last(where: { $0.before < number }) else { return }
    console.tell(
      .error, plain: "\(file.name):\(number - file.before): \(reason)", reason,
      LogFields(file: file.name, line: number - file.before))
  }

  func refuseFile(_ reason: String) {
    refusedFiles += 1
    let name = files.last?.name ?? ""
    console.tell(.error, plain: "\(name): \(reason)", reason, LogFields(file: name))
  }

  /// How many events are in the log, once it was flushed.
  var imported: Int { events - refusedEvents }

  /// What did not go in, if anything.
  var leftOut: String? {
    let parts = [(refusedFiles, "file"), (refusedEvents, "invalid line")].filter { $0.0 > 0 }.map(counted)
    return parts.isEmpty ? nil : parts.joined(separator: " and ") + " skipped"
  }
}
