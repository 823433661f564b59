import Contract
import EventImport
import EventLog
import Platform

/// `import`
struct ImportCommand: Command {
  var log = LogSettings()
  var isStrict = false
  var files: [String] = []

  static let words = ["import"]
  static let summary = "import events from NDJSON files into the input topics"
  static let operands = "FILE…"
  static let description = """
    Each line is an event: {"topic": …, "value": …}, the value in proto3 JSON, with an optional "timestamp"
    (RFC 3339) for the record (default: now). '-' as FILE is standard input; events read from a pipe are
    written to the log within a second. If a line is invalid, or the log does not accept it, its number is
    reported, the other lines are imported, and the exit status is 1. Importing a file again does not change
    the result. A SQLite log that does not exist is created.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      .flag("strict", "reject lines with unknown fields (default: ignore the fields)", \.isStrict)
    ]
  }

  mutating func take(_ operands: [String]) throws(UsageError) {
    guard !operands.isEmpty else { throw UsageError("FILE is missing; '-' is standard input") }
    files = operands
  }

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    // All of them first, so that a slip in the last one's name does not leave half an import behind.
    let inputs = try files.map { try InputFile($0) }
    let report = ImportReport(console)
    var importer = try EventImporter(
      try log.openForWriting(console), isStrict: isStrict, refuse: report.refuse)
    let interruption = Interruption(console)
    var bar = ProgressBar("importing", on: console)
    defer { bar.end() }
    let total = inputs.reduce(0) { $0 + ($1.size ?? 0) }
    var done: Int64 = 0
    for input in inputs where !interruption.hasHappened {
      done += try read(input, into: &importer, report, interruption) { position in
        bar.update(done: done + position, total: total)
      }
    }
    try importer.flush()
    bar.end()
    for warning in importer.warnings { console.log(.warning, warning) }
    console.log(.info, "\(counted(report.imported, "event")) imported")
    let trouble = [interruption.hasHappened ? "interrupted" : nil, report.leftOut].compactMap { $0 }
    guard trouble.isEmpty else { throw Failure(trouble.joined(separator: "; ")) }
  }

  /// Reads a file to its end or to an interruption; returns how many bytes it had. Calls `advance` now and then with how many
  /// were read.
  private func read(
    _ input: InputFile, into importer: inout EventImporter, _ report: ImportReport,
    _ interruption: Interruption, advance: (Int64) -> Void
  ) throws -> Int64 {
    report.begin(input.name)
    let lines = LineReader(descriptor: input.descriptor)
    // What a file holds is there to be read again, so that it need not be durable soon.
    var clock = input.size == nil ? FlushClock() : nil
    while !interruption.hasHappened, let line = try input.nextLine(of: lines, timeout: Self.patience) {
      var isIdle = false
      switch line {
      case .bytes(let bytes):
        report.beginLine()
        if try importer.append(bytes, number: report.number) {
          report.countEvent()
          clock?.noteEvent()
        }
      case .tooLong:
        report.beginLine()
        report.countEvent()
        report.refuse(
          report.number, "the line is too large: it is longer than \(LineReader.longestLine >> 20) MiB")
      case .pending: isIdle = true
      case .foreign(let name, let command):
        report.refuseFile("this is \(name); use `\(command) … | partner-pulse import -`")
      }
      if clock?.isDue(isIdle: isIdle) == true {
        try importer.flush()
        clock?.noteFlush()
      }
      if report.number % 10_000 == 0 { advance(lines.position) }
    }
    return lines.position
  }

  /// How long to wait for a line before looking for what else there is to do, in milliseconds.
  private static let patience: Int32 = 100
}

/// Decides when to flush events that arrive one by one: in batches, but soon after they arrived.
struct FlushClock {
  private var waitingSince: ContinuousClock.Instant?
  private static let patience = Duration.milliseconds(500)

  mutating func noteEvent() {
    if waitingSince == nil { waitingSince = .now }
  }

  /// Whether events wait, and for long enough; `isIdle` if no others are to be seen.
  func isDue(isIdle: Bool) -> Bool {
    guard let waitingSince else { return false }
    return isIdle || .now - waitingSince >= Self.patience
  }

  mutating func noteFlush() { waitingSince = nil }
}

extension ImportCommand: CheckedCommand {
  var needs: CommandNeeds {
    CommandNeeds(log: log, topics: Topic.inputs + [.generations], reads: [.generations])
  }
}
