import EventImport
import Platform

/// Reads files into an importer. One thread has it.
struct ImportSession {
  let console: Console
  let report: ImportReport
  let interruption: Interruption
  var importer: EventImporter
  /// So many events of each CSV file go to standard output.
  var shownEvents = 0

  /// How long to wait for a line before looking for what else there is to do, in milliseconds.
  private static let patience: Int32 = 100
  private static let before = "What comes before that is read"

  /// Reads lines to the end or to an interruption; returns how many bytes the file had. Calls `advance` now and then with how many
  /// were read.
  mutating func read(_ input: InputFile, advance: (Int64) -> Void) throws -> Int64 {
    report.begin(input.name)
    let lines = LineReader(descriptor: input.descriptor)
    var clock = FlushClock(for: input)
    reading: while !interruption.hasHappened {
      var isIdle = false
      switch try input.reading({ () throws(ReadFault) in try lines.next(timeout: Self.patience) }) {
      case .success(nil): break reading
      case .failure(let fault):
        report.refuseFile("\(fault). \(Self.before)")
        break reading
      case .success(.bytes(let bytes)):
        report.beginLine()
        if try importer.append(bytes, number: report.number) {
          report.countEvent()
          clock?.noteEvent()
        }
      case .success(.tooLong):
        report.beginLine()
        report.countEvent()
        report.refuse(
          report.number, "the line is too large: it is longer than \(LineReader.longestLine >> 20) MiB")
      case .success(.pending): isIdle = true
      case .success(.foreign(let name, let command)):
        report.refuseFile("this is \(name); use `\(command) … | partner-pulse import -`")
      }
      try flush(&clock, isIdle: isIdle)
      if report.number % 10_000 == 0 { advance(lines.position) }
    }
    return lines.position
  }

  /// The same for rows of CSV, whose numbers are those of the lines that they start on.
  mutating func read(_ input: CSVInput, advance: (Int64) -> Void) throws -> Int64 {
    report.begin(input.file.name)
    let rows = input.reader
    var clock = FlushClock(for: input.file)
    var repeated = RepeatedRows()
    var (count, left) = (0, shownEvents)
    reading: while !interruption.hasHappened {
      var isIdle = false
      switch try input.file.reading({ () throws(ReadFault) in try rows.next(timeout: Self.patience) }) {
      case .success(nil): break reading
      case .failure(let fault):
        report.refuseFile("\(fault). \(Self.before)")
        break reading
      case .success(.endless(let line)):
        report.beginRow(line: line)
        report.refuseFile("line \(line): \(CSVInput.endless)")
        break reading
      case .success(.pending): isIdle = true
      case .success(.foreign): break
      case .success(.invalid(let line, let reason)):
        report.beginRow(line: line)
        report.countEvent()
        report.refuse(report.number, reason)
      case .success(.row(let row)):
        report.beginRow(line: row.line)
        count += 1
        if try take(input.mapper.event(of: row), line: row.line, &repeated, &left) { clock?.noteEvent() }
      }
      try flush(&clock, isIdle: isIdle)
      if count % 10_000 == 0 { advance(rows.position) }
    }
    if repeated.unchecked > 0 {
      console.log(
        .warning,
        "\(input.file.name): \(counted(repeated.unchecked, "event")) after the first \(RepeatedRows.standardLimit) "
          + "could contradict others without being noticed")
    }
    return rows.position
  }

  /// Returns whether an event was appended.
  private mutating func take(
    _ outcome: CSVMapper.Outcome, line: Int, _ repeated: inout RepeatedRows, _ left: inout Int
  ) throws -> Bool {
    switch outcome {
    case .skipped:
      report.countSkippedRow()
      return false
    case .refused(let reason):
      report.countEvent()
      report.refuse(report.number, reason)
      return false
    case .event(let json, let identity):
      switch repeated.note(identity, line: line) {
      case .repeats:
        report.countRepeatedRow()
        return false
      case .contradicts(let earlier):
        report.countEvent()
        report.refuse(report.number, "it contradicts line \(earlier): \(identity.meaning)")
        return false
      case .new:
        report.countEvent()
        if left > 0 {
          left -= 1
          try console.write(json + [UInt8(ascii: "\n")])
        }
        return try json.withUnsafeBytes { try importer.append($0, number: report.number) }
      }
    }
  }

  private func flush(_ clock: inout FlushClock?, isIdle: Bool) throws {
    guard clock?.isDue(isIdle: isIdle) == true else { return }
    try importer.flush()
    clock?.noteFlush()
  }
}

/// Decides when to flush events that arrive one by one: in batches, but soon after they arrived.
struct FlushClock {
  private var waitingSince: ContinuousClock.Instant?
  private static let patience = Duration.milliseconds(500)

  /// Nil for a file: what it holds is there to be read again, so that it need not be durable soon.
  init?(for input: InputFile) {
    if input.size != nil { return nil }
  }

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
