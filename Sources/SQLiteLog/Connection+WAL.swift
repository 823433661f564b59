import CSQLite
import EventLog
import Glibc

extension Connection {
  /// Bytes from which on the WAL is too large: more than it keeps when it starts from its beginning again.
  private static let largestWAL = 48 << 20

  /// Lets the next transaction write the WAL from its beginning if it is too large. SQLite does so by itself only when nobody
  /// reads from it at the end of a transaction, and while both stages are busy somebody always does. Waits up to 100 ms for those;
  /// if they take longer, the next transaction tries again.
  func boundWAL() {
    var status = stat()
    guard stat("\(path)-wal", &status) == 0, status.st_size > Self.largestWAL else { return }
    sqlite3_busy_timeout(handle, 100)
    defer { sqlite3_busy_timeout(handle, busyTimeout) }
    sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_RESTART, nil, nil)
  }
}
