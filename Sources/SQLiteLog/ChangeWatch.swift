import EventLog
import Platform

/// Detects changes of the file since a mark: those by this process immediately; those by others by querying SQLite, or the file
/// system if the file is read without locks.
struct ChangeWatch {
  private let connection: Connection
  private let signal: CommitSignal
  private let dataVersion: Statement
  private var seenCount: UInt64 = 0
  private var seenVersion: Int64 = -1

  init(_ connection: Connection, _ signal: CommitSignal) throws(LogError) {
    self.connection = connection
    self.signal = signal
    dataVersion = try Statement(connection, "PRAGMA data_version")
  }

  /// Sets the mark; to be called before the file is read, so that no change is missed.
  mutating func mark() throws(LogError) {
    seenCount = signal.count
    seenVersion = try version()
  }

  /// Returns true as soon as there is a change, and false at `deadline` (`Clock.monotonic`). Queries SQLite every `interval`
  /// milliseconds.
  func wait(until deadline: Int64, interval: Int64) throws(LogError) -> Bool {
    while true {
      if signal.count != seenCount || connection.isOutdated { return true }
      if try version() != seenVersion { return true }
      let left = deadline - Clock.monotonic
      if left <= 0 { return false }
      signal.wait(whileAt: seenCount, milliseconds: min(left, interval))
    }
  }

  private func version() throws(LogError) -> Int64 {
    defer { dataVersion.reset() }
    return try dataVersion.step() ? dataVersion.int64(0) : 0
  }
}
