import Glibc
import Metrics
import Platform
import Synchronization

/// Appends lines to a file, or to standard output, on a thread of its own: callers never wait for a disk, and a full disk stops
/// nothing. If the file was moved away, a new one is opened under its name.
package final class LineFile: Sendable {
  private struct State {
    var pending: [UInt8] = []
    var pendingLines = 0
    var written = 0
    var dropped = 0
    var failures = 0
  }

  private let state = Mutex(State())
  /// Nil for standard output.
  private let path: String?
  private let report: @Sendable (AccessNotice) -> Void
  /// The maximum of bytes that wait to be written.
  private let capacity: Int
  private let isStopped = Atomic(false)
  private let thread = ThreadGroup()

  /// A `path` of "-" is standard output. Throws if the file cannot be opened for appending.
  package init(
    _ path: String, capacity: Int = 4 << 20, report: @escaping @Sendable (AccessNotice) -> Void
  ) throws(LineFileError) {
    self.path = path == "-" ? nil : path
    self.report = report
    self.capacity = capacity
    guard let path = self.path else { return }
    let descriptor = Self.open(path)
    guard descriptor >= 0 else {
      throw LineFileError(description: "\(path) cannot be written: \(SystemError())")
    }
    close(descriptor)
  }

  /// Does not block. Drops the line if too many bytes wait already.
  func append(_ line: [UInt8]) {
    state.withLock { state in
      guard state.pending.count + line.count <= capacity else {
        state.dropped += 1
        return
      }
      state.pending += line
      state.pendingLines += 1
    }
  }

  /// Starts the thread that writes.
  package func start() { thread.start(named: "access-log") { self.run() } }

  /// Writes what is left, as far as possible, and ends the thread. Blocks.
  package func stop() {
    isStopped.store(true, ordering: .releasing)
    thread.wait()
  }

  private func run() {
    var output = Output(path: path)
    defer { output.close() }
    while true {
      let isLast = isStopped.load(ordering: .acquiring)
      let isWritten = flush(&output)
      if isLast { return }
      // A full disk stays full for a while.
      for _ in 0..<(isWritten ? 2 : 20) where !isStopped.load(ordering: .acquiring) {
        Clock.sleep(milliseconds: 50)
      }
    }
  }

  /// Returns whether everything was written.
  private func flush(_ output: inout Output) -> Bool {
    let (bytes, lines) = state.withLock { state in
      defer { (state.pending, state.pendingLines) = ([], 0) }
      return (state.pending, state.pendingLines)
    }
    guard !bytes.isEmpty else { return true }
    let outcome = output.write(bytes)
    let rest = bytes[outcome.written...]
    let newline = UInt8(ascii: "\n")
    let left = rest.count { $0 == newline }
    let dropped = state.withLock { state in
      // A partly written line continues first, so that no other line comes in between.
      state.pending.insert(contentsOf: rest, at: 0)
      state.pendingLines += left
      state.written += lines - left
      if outcome.error != nil { state.failures += 1 }
      return state.dropped
    }
    let name = "the access log \(path ?? "on standard output")"
    switch (outcome.error, output.hasFailed) {
    case (let error?, false):
      report(.warning("\(name) cannot be written: \(error); serving goes on without it"))
    case (nil, true):
      report(.information("\(name) is written again; \(dropped) lines were dropped so far"))
    default: break
    }
    output.hasFailed = outcome.error != nil
    return outcome.error == nil
  }

  package func write(to text: inout MetricsText) {
    let (written, dropped, failures, pending) = state.withLock {
      ($0.written, $0.dropped, $0.failures, $0.pendingLines)
    }
    let lines = "partner_pulse_access_log_lines_total"
    text.begin(lines, .counter, "Lines of the access log, by outcome.")
    text.sample(lines, [("outcome", "written")], Double(written))
    text.sample(lines, [("outcome", "dropped")], Double(dropped))
    text.single(
      "partner_pulse_access_log_failures_total", .counter, "Failed writes of the access log.",
      Double(failures))
    text.single(
      "partner_pulse_access_log_pending_lines", .gauge, "Lines of the access log that wait to be written.",
      Double(pending))
  }

  fileprivate static func open(_ path: String) -> Int32 {
    // The log is confidential: not readable for others.
    Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
  }
}

/// The access log cannot be written.
package struct LineFileError: Error, CustomStringConvertible {
  package let description: String
}

/// Where lines go; one thread owns it.
private struct Output {
  /// Nil for standard output.
  let path: String?
  private var descriptor: Int32
  private var inode: (ino_t, dev_t) = (0, 0)
  /// Whether the last write failed.
  var hasFailed = false

  init(path: String?) {
    self.path = path
    descriptor = path == nil ? STDOUT_FILENO : -1
  }

  /// Writes as much as can be written.
  mutating func write(_ bytes: [UInt8]) -> (written: Int, error: SystemError?) {
    if let error = reopen() { return (0, error) }
    return bytes.withUnsafeBytes { all in
      var written = 0
      while written < all.count {
        let count = Glibc.write(descriptor, all.baseAddress.map { $0 + written }, all.count - written)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return (written, SystemError()) }
        written += count
      }
      return (written, nil)
    }
  }

  /// Opens the file if it is not open, or if its name now refers to another one.
  private mutating func reopen() -> SystemError? {
    guard let path else { return nil }
    var named = stat()
    if descriptor >= 0, stat(path, &named) == 0, (named.st_ino, named.st_dev) == inode { return nil }
    close()
    descriptor = LineFile.open(path)
    guard descriptor >= 0, fstat(descriptor, &named) == 0 else { return SystemError() }
    inode = (named.st_ino, named.st_dev)
    return nil
  }

  mutating func close() {
    guard path != nil, descriptor >= 0 else { return }
    Glibc.close(descriptor)
    descriptor = -1
  }
}
