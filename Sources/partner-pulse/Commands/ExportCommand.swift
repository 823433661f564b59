import Contract
import EventLog
import Platform
import ResultExport
import SQLiteLog
import SnapshotView

/// `export`
struct ExportCommand: Command {
  var log = LogSettings()
  var sqliteFile: String?
  var replaces = false

  static let words = ["export"]
  static let summary = "write the current result into a SQLite file for analysis"
  static let description = """
    Writes the tables snapshots, scales, partners and about, and the view indicators, into a file that can be
    queried by SQL: the result of one generation as published when the command started. The file appears once
    it is complete. docs/ANALYSIS.md describes the columns.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      LogSettings.generationOption(\.log),
      .value("sqlite", "FILE", "the file to write", \.sqliteFile, .text),
      .flag("overwrite", "replace the file if there is one", \.replaces),
    ]
  }

  func check() throws(UsageError) {
    try log.check()
    guard sqliteFile != nil else { throw UsageError("--sqlite is missing") }
  }

  func run(_ console: Console) throws {
    let file = ExportFile(path: sqliteFile ?? "", replaces: replaces)
    try file.check()
    let (eventLog, generations) = try log.openWithGenerations(.reading, console)
    let follower = try SnapshotFollower(eventLog)
    while try !follower.poll(timeout: 100) {}
    guard follower.damaged == 0 else {
      throw Failure("\(counted(follower.damaged, "record")) could not be read; nothing was written")
    }
    let partners = try NamedPartner.all(in: eventLog)
    // Throws if the generation was dropped meanwhile, since it may have been read only in part.
    _ = try GenerationReader(eventLog).generations.toServe(eventLog.generation)
    try file.write(
      ExportedResult(
        view: follower.view, partners: partners, generation: eventLog.generation.number,
        definition: generations.record(of: eventLog.generation)?.definition))
    console.log(
      .info,
      "\(file.path): \(counted(follower.view.snapshotCount, "snapshot")) and "
        + "\(counted(follower.view.scaleCount, "scale")) of \(eventLog.generation)")
  }
}
