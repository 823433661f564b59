import Contract
import EventLog
import Glibc
import Platform
import Synchronization

/// Nobody reads the output any more (EPIPE).
struct ClosedOutput: Error {}

/// Standard output for results, buffered, and standard error for everything else.
final class Console: Sendable {
  private let output = Mutex(OutputBuffer(descriptor: STDOUT_FILENO))
  private let terminal = Mutex(TerminalLine())
  private let repeats = Mutex(RepeatFilter())
  private let settings = Mutex(LogSettings())

  init() {
    // A write to a closed pipe is to fail, not to kill.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Appends to standard output. Throws `ClosedOutput`, or a `Failure` if it cannot be written.
  func write(_ bytes: some Collection<UInt8>) throws {
    try output.withLock { try $0.append(bytes) }
  }

  func print(_ text: String) throws { try write(text.utf8) }

  /// Writes one JSON object, whose members `body` writes, as a line of ASCII.
  func writeLine(_ body: (inout JSONWriter) -> Void) throws {
    var json = JSONWriter()
    json.beginObject()
    body(&json)
    json.endObject()
    try write(json.asciiBytes + [UInt8(ascii: "\n")])
  }

  /// Writes what is buffered.
  func flush() throws {
    try output.withLock { try $0.flush() }
  }

  /// Whether the other end of a pipe on standard output is gone, as far as that can be told without writing.
  var isOutputClosed: Bool {
    var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&output, 1, 0) == 1 && output.revents & Int16(POLLERR) != 0
  }

  var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether somebody watches standard error, and reads text.
  var isInteractive: Bool { isatty(STDERR_FILENO) == 1 && settings.withLock { $0.format } == .text }

  /// Shows `line` at the bottom of the terminal, in place of the last one; nothing if nobody watches.
  func show(_ line: String) {
    guard isInteractive else { return }
    terminal.withLock { $0.show(line) }
  }
}

// MARK: The log, on standard error

extension Console {
  struct LogSettings {
    /// Text for a person, JSON for a program.
    var format: LogFormat = isatty(STDERR_FILENO) == 1 ? .text : .json
    var level = LogLevel.info
  }

  /// How lines are written from now on, and which.
  func configureLog(format: LogFormat?, level: LogLevel) {
    settings.withLock { settings in
      if let format { settings.format = format }
      settings.level = level
    }
  }

  /// Prints a text for who called the program in a wrong way, whatever the format of the log.
  func complain(_ text: String) {
    terminal.withLock { $0.print(text + "\n") }
  }

  /// Logs a message. Of warnings that repeat, only some are printed, with how many were left out.
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

  /// Tells what a text without a time tells a person, and as JSON a line of the log. Each counts, so that none is left out.
  func tell(_ level: LogLevel, plain: String, _ text: String, _ fields: LogFields = LogFields()) {
    let settings = settings.withLock { $0 }
    switch settings.format {
    case .text: complain(plain)
    case .json: write(LogLine(level: level, text: text, fields: fields))
    }
  }

  /// Logs which warnings were left out that no later one has told of.
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
    let text = settings.format == .json ? line.json(at: Wall.now) : line.text(at: Wall.now)
    terminal.withLock { $0.print(text) }
  }

  private static let start = ContinuousClock.now
}

/// "1 event", "2 events".
func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

/// The wall clock. It is used only for log lines and generated events; no result depends on it.
enum Wall {
  /// In milliseconds, which are what a log line has room for.
  static var now: Timestamp { Timestamp(milliseconds: Clock.now) }
}

extension Timestamp {
  /// Of milliseconds since 1970 UTC.
  init(milliseconds: Int64) {
    let (second, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    let before: Int64 = rest < 0 ? 1 : 0
    self.init(seconds: second - before, nanos: Int32(rest + before * 1000) * 1_000_000)
  }
}
