import EventLog
import Synchronization

/// What all connections of one process to the same file share.
final class SharedFile: Sendable {
  let signal = CommitSignal()
  private let turn = Mutex(())

  /// Runs `body` in a transaction that holds the write lock, and then wakes those who wait for changes. Threads of this
  /// process queue here, since SQLite's own waiting sleeps for up to 100 ms at a time.
  func write(_ connection: Connection, _ body: () throws(LogError) -> Void) throws(LogError) {
    try turn.withLock { (_: inout sending Void) throws(LogError) in
      try connection.write(body)
    }
    signal.raise()
  }
}
