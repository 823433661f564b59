import EventImport
import Platform

/// Reads files into an importer. Owned by one thread.
struct ImportSession {
  let console: Console
  let report: ImportReport
  let interruption: Interruption
  var importer: EventImporter
  /// The number of events of each CSV file to print to standard output.
  var shownEvents = 0

  /// Milliseconds to wait for a line before checking for an interruption or a due flush.
  private static let pollTimeout: Int32 = 100
  private static let before = "What comes before that is read"

  /// Reads lines until the end or an interruption. Returns the number of bytes read, and calls `advance` with it from time to
  /// time.
  mutating func read(_ input: InputFile, advance: (Int64) -> Void) throws -> Int64 {
    report.begin(input.name)
    let lines = LineReader(descriptor: input.descriptor)
    var clock = FlushClock(for: input)
    reading: while !interruption.hasHappened {
      var isIdle = false
      switch try input.reading({ () throws(ReadFault) in try lines.next(timeout: Self.pollTimeout) }) {
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
      case .success(.notText(let name, let command)):
        report.refuseFile("this is \(name); use `\(command) … | partner-pulse import -`")
      }
      try flush(&clock, isIdle: isIdle)
      if report.number % 10_000 == 0 { advance(lines.position) }
    }
    return lines.position
  }

  /// Reads rows of CSV in the same way. The number of a row is that of the line on which it starts.
  mutating func read(_ input: CSVInput, advance: (Int64) -> Void) throws -> Int64 {
    report.begin(input.file.name)
    let rows = input.reader
    var clock = FlushClock(for: input.file)
    var repeated = RepeatedRows()
    var (count, left) = (0, shownEvents)
    reading: while !interruption.hasHappened {
      var isIdle = false
      switch try input.file.reading({ () throws(ReadFault) in try rows.next(timeout: Self.pollTimeout) }) {
      case .success(nil): break reading
      case .failure(let fault):
        report.refuseFile("\(fault). \(Self.before)")
        break reading
      case .success(.tooLong(let line)):
        report.beginRow(line: line)
        report.refuseFile("line \(line): \(CSVInput.tooLongText)")
        break reading
      case .success(.pending): isIdle = true
      case .success(.notText): break
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
          + "were not compared with each other, so contradictions among them go unnoticed")
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
        report.refuse(report.number, "it contradicts line \(earlier): \(identity.conflictText)")
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

/// Decides when to flush events of a pipe: in batches, but soon after they arrived.
struct FlushClock {
  private var waitingSince: ContinuousClock.Instant?
  private static let longestDelay = Duration.milliseconds(500)

  /// Nil for a file: its events need not be durable soon, since the file can be imported again.
  init?(for input: InputFile) {
    if input.size != nil { return nil }
  }

  mutating func noteEvent() {
    if waitingSince == nil { waitingSince = .now }
  }

  /// Whether to flush now: events are waiting, and `isIdle` says that no more have arrived, or they have waited long enough.
  func isDue(isIdle: Bool) -> Bool {
    guard let waitingSince else { return false }
    return isIdle || .now - waitingSince >= Self.longestDelay
  }

  mutating func noteFlush() { waitingSince = nil }
}
