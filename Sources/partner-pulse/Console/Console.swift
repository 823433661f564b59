import Contract
import EventLog
import Glibc
import Platform
import Synchronization

/// The reader of the output has closed it (EPIPE).
struct ClosedOutput: Error {}

/// Standard output for results, buffered, and standard error for everything else.
final class Console: Sendable {
  private let output = Mutex(OutputBuffer(descriptor: STDOUT_FILENO))
  private let terminal = Mutex(TerminalLine())
  private let repeats = Mutex(RepeatFilter())
  private let settings = Mutex(LogSettings())

  init() {
    // Makes writes to a closed pipe fail instead of killing the process.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Appends to standard output. Throws `ClosedOutput`, or a `Failure` if it cannot be written.
  func write(_ bytes: some Collection<UInt8>) throws {
    try output.withLock { try $0.append(bytes) }
  }

  func print(_ text: String) throws { try write(text.utf8) }

  /// Writes a JSON object, with the members that `body` writes, as a line of ASCII.
  func writeLine(_ body: (inout JSONWriter) -> Void) throws {
    var json = JSONWriter()
    json.beginObject()
    body(&json)
    json.endObject()
    try write(json.asciiBytes + [UInt8(ascii: "\n")])
  }

  func flush() throws {
    try output.withLock { try $0.flush() }
  }

  /// Whether standard output is a pipe whose reader has closed it. Only detects what the system reports without a write.
  var isOutputClosed: Bool {
    var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&output, 1, 0) == 1 && output.revents & Int16(POLLERR) != 0
  }

  var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether standard error is a terminal with text.
  var isInteractive: Bool { isatty(STDERR_FILENO) == 1 && settings.withLock { $0.format } == .text }

  /// Shows `line` at the bottom of the terminal, instead of the previous one; does nothing without a terminal.
  func show(_ line: String) {
    guard isInteractive else { return }
    terminal.withLock { $0.show(line) }
  }
}

// MARK: The log, on standard error

extension Console {
  struct LogSettings {
    /// Text on a terminal, otherwise JSON.
    var format: LogFormat = isatty(STDERR_FILENO) == 1 ? .text : .json
    var level = LogLevel.info
  }

  /// Sets the format and the minimum level of lines.
  func configureLog(format: LogFormat?, level: LogLevel) {
    settings.withLock { settings in
      if let format { settings.format = format }
      settings.level = level
    }
  }

  /// Prints a text to standard error as it is, whatever the format of the log.
  func printError(_ text: String) {
    terminal.withLock { $0.print(text + "\n") }
  }

  /// Logs a message. Of repeated warnings, only some are printed, with the number of those left out.
  func log(_ level: LogLevel, _ text: String, _ fields: LogFields = LogFields()) {
    var line = LogLine(level: level, text: text, fields: fields)
    if level == .warning {
      let now = Double((ContinuousClock.now - Self.start) / .seconds(1))
      let subject = "\(fields.group ?? "")/\(fields.task.map { "\($0)" } ?? "")"
      guard let leftOut = repeats.withLock({ $0.admit(text, about: subject, now: now) }) else { return }
      line.leftOut = leftOut
    }
    write(line)
  }

  func log(_ severity: Severity, _ message: LogMessage) {
    log(LogLevel(severity), message.text, message.fields)
  }

  /// Prints `plain` as it is if the log's format is text, and otherwise logs `text`. Never leaves repeated messages out.
  func report(_ level: LogLevel, plain: String, _ text: String, _ fields: LogFields = LogFields()) {
    let settings = settings.withLock { $0 }
    switch settings.format {
    case .text: printError(plain)
    case .json: write(LogLine(level: level, text: text, fields: fields))
    }
  }

  /// Logs the warnings that were left out and not counted by a later one.
  func endLog() {
    let rest = repeats.withLock { repeats in
      defer { repeats = RepeatFilter() }
      return repeats.suppressed
    }
    for (text, count) in rest { write(LogLine(level: .warning, text: text, leftOut: count)) }
  }

  private func write(_ line: LogLine) {
    let settings = settings.withLock { $0 }
    guard line.level.rank >= settings.level.rank else { return }
    let text = settings.format == .json ? line.json(at: WallClock.now) : line.text(at: WallClock.now)
    terminal.withLock { $0.print(text) }
  }

  private static let start = ContinuousClock.now
}

/// "1 event", "2 events".
func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

/// The wall clock. No result depends on it.
enum WallClock {
  /// The current time in whole milliseconds.
  static var now: Timestamp { Timestamp(milliseconds: Clock.now) }
}
