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

  init() {
    // A write to a closed pipe is to fail, not to kill.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Appends to standard output. Throws `ClosedOutput`, or a `Failure` if it cannot be written.
  func write(_ bytes: some Collection<UInt8>) throws {
    try output.withLock { try $0.append(bytes) }
  }

  func print(_ text: String) throws { try write(text.utf8) }

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

  /// Whether somebody watches standard error.
  var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// Prints a text for the user to standard error.
  func complain(_ text: String) {
    terminal.withLock { $0.print(text + "\n") }
  }

  /// Prints a line of the log, with the time, to standard error.
  func log(_ level: LogLevel, _ text: String) {
    complain("\(Wall.now.rfc3339 ?? "") \(level.rawValue) \(text)")
  }

  /// Shows `line` at the bottom of the terminal, in place of the last one; nothing if nobody watches.
  func show(_ line: String) {
    guard isInteractive else { return }
    terminal.withLock { $0.show(line) }
  }
}

extension Console {
  /// Prints a warning, or only counts it if there were many like it.
  func warn(_ text: String) {
    let now = Double(ContinuousClock.now.duration(to: Self.start).components.seconds.magnitude)
    guard let text = repeats.withLock({ $0.admit(text, now: now) }) else { return }
    log(.warning, text)
  }

  private static let start = ContinuousClock.now
}

enum LogLevel: String {
  case info = "INFO "
  case warning = "WARN "
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
