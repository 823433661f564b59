import Contract
import EventImport
import EventLog
import Platform

/// `import`
struct ImportCommand: Command {
  var log = LogSettings()
  var isStrict = false
  var isDryRun = false
  var tables: [CSVOption] = []
  var mappings: [String] = []
  var files: [String] = []

  static let words = ["import"]
  static let summary = "import events from NDJSON or CSV files into the input topics"
  static let operands = "[FILE…]"
  static let description = """
    Each line of FILE is an event: {"topic": …, "value": …}, the value in proto3 JSON, with an optional
    "timestamp" (RFC 3339) for the record (default: now). '-' as FILE is standard input; events read from a
    pipe are written to the log within a second. A CSV file becomes events of one topic by a mapping
    (docs/IMPORTING.md). Files may be gzip-compressed. If a line is invalid, or the log does not accept it,
    its number is reported, the other lines are imported, and the exit status is 1. Importing a file again
    does not change the result. A SQLite log that does not exist is created.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      .flag("strict", "reject lines with unknown fields (default: ignore the fields)", \.isStrict),
      .values(
        "csv", "TOPIC=FILE", "import the rows of a CSV file as events of TOPIC; may be given several times",
        \.tables, .csv),
      .values(
        "map", "FILE",
        "JSON file that defines how rows become events; one for each --csv in their order, or one for all",
        \.mappings, .text),
      .flag(
        "dry-run",
        "write nothing: report what would be imported, the first refusals, and the first events of each CSV file",
        \.isDryRun),
    ]
  }

  mutating func take(_ operands: [String]) throws(UsageError) {
    guard !operands.isEmpty || !tables.isEmpty else {
      throw UsageError("FILE is missing; '-' is standard input")
    }
    files = operands
  }

  func check() throws(UsageError) {
    guard (files + tables.map(\.path)).count(where: { $0 == "-" }) < 2 else {
      throw UsageError("standard input can be read once only")
    }
    guard mappings.count == tables.count || mappings.count == 1 && !tables.isEmpty else {
      throw UsageError(
        tables.isEmpty
          ? "--map needs --csv"
          : "\(counted(tables.count, "--csv")) and \(mappings.count) --map: give one for each, or one for all"
      )
    }
    try log.check()
  }

  private static let shownRefusals = 20
  private static let shownEvents = 3

  func run(_ console: Console) throws {
    // Opens all files first, so that a wrong name does not leave half an import behind.
    let inputs = try files.map { try InputFile($0) }
    let rows = try openTables()
    let report = ImportReport(console, shownRefusals: isDryRun ? Self.shownRefusals : nil)
    let importer =
      isDryRun
      ? EventImporter(checkingOnly: isStrict, refuse: report.refuse)
      : try EventImporter(try log.openForWriting(console), isStrict: isStrict, refuse: report.refuse)
    let interruption = Interruption(console)
    var session = ImportSession(
      console: console, report: report, interruption: interruption, importer: importer,
      shownEvents: isDryRun ? Self.shownEvents : 0)
    var bar = ProgressBar(isDryRun ? "reading" : "importing", on: console)
    defer { bar.end() }
    let total = (inputs + rows.map(\.file)).reduce(0) { $0 + ($1.size ?? 0) }
    var done: Int64 = 0
    for input in inputs where !interruption.hasHappened {
      done += try session.read(input) { bar.update(done: done + $0, total: total) }
    }
    for input in rows where !interruption.hasHappened {
      done += try session.read(input) { bar.update(done: done + $0, total: total) }
    }
    try session.importer.flush()
    bar.end()
    report.end()
    for warning in session.importer.warnings { console.log(.warning, warning) }
    console.log(.info, summary(of: report))
    let trouble = [interruption.hasHappened ? "interrupted" : nil, report.leftOut].compactMap { $0 }
    guard trouble.isEmpty else { throw Failure(trouble.joined(separator: "; ")) }
  }

  private func openTables() throws -> [CSVInput] {
    var inputs: [CSVInput] = []
    for (index, table) in tables.enumerated() {
      let name = mappings[mappings.count == 1 ? 0 : index]
      let json: [UInt8]
      do throws(SystemError) {
        json = try readFile(name)
      } catch {
        throw Failure("cannot read \(name): \(error)")
      }
      let mapping: CSVMapping
      do throws(MappingFault) {
        mapping = try CSVMapping(json: json, topic: table.topic)
      } catch {
        throw UsageError("\(name): \(error)")
      }
      inputs.append(try CSVInput(table.path, mapping, named: name))
    }
    return inputs
  }

  private func summary(of report: ImportReport) -> String {
    let parts = [
      "\(counted(report.imported, "event")) \(isDryRun ? "would be imported" : "imported")",
      report.skippedRows > 0 ? "\(counted(report.skippedRows, "row")) left out by the mapping" : nil,
      report.repeatedRows > 0
        ? "\(counted(report.repeatedRows, "row")) with the same event as another" : nil,
      isDryRun ? "nothing was written" : nil,
    ]
    return parts.compactMap { $0 }.joined(separator: "; ")
  }
}

extension ImportCommand: CheckedCommand {
  var needs: CommandNeeds {
    CommandNeeds(log: log, topics: Topic.inputs + [.generations], reads: [.generations])
  }
}
