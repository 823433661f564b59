import EventLog
import Synchronization

/// Shared by all connections of one process to the same file.
final class SharedFile: Sendable {
  let signal = CommitSignal()
  private let writeLock = Mutex(())

  /// Runs `body` in a transaction that holds SQLite's write lock, and then wakes the threads that wait for changes. Threads of
  /// this process wait for each other here, since waiting threads of SQLite sleep for up to 100 ms at a time.
  func write(_ connection: Connection, _ body: () throws(LogError) -> Void) throws(LogError) {
    try writeLock.withLock { (_: inout sending Void) throws(LogError) in
      try connection.write(body)
    }
    signal.raise()
  }
}
