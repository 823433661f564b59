import CSQLite
import EventLog
import Glibc
import Platform

/// A connection to one SQLite file; opened in init, closed in deinit. One thread at a time uses it.
package final class Connection {
  package enum Mode: Sendable {
    /// Reads and writes; creates an empty file if there is none.
    case writing
    /// Reads a file that other processes have open.
    case reading
    /// Reads, without locks, a file that no other process has open. What was read is valid only while the file has this state.
    case withoutLocks(FileState)
  }

  package let path: String
  let handle: OpaquePointer
  /// Milliseconds to wait for locks.
  let busyTimeout: Int32
  private let mode: Mode

  /// Opens the file. Waits up to `busyTimeout` milliseconds for locks.
  package init(path: String, busyTimeout: Int32, _ mode: Mode = .writing) throws(LogError) {
    var opened: OpaquePointer?
    // Without SQLite's mutexes, since one thread at a time owns the connection.
    let flags = mode.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(mode.name(of: path), &opened, flags, mode.vfs)
    guard code == SQLITE_OK, let opened else {
      let error = LogError.sqlite(code, opened, file: path)
      sqlite3_close_v2(opened)
      throw error
    }
    self.path = path
    self.mode = mode
    self.busyTimeout = busyTimeout
    handle = opened
    sqlite3_busy_timeout(handle, busyTimeout)
    if mode.isAbandoned {
      // The index of the WAL is then in memory instead of in a file beside it.
      try execute("PRAGMA locking_mode = EXCLUSIVE")
      sqlite_leave_wal_at_close(handle)
    }
  }

  deinit {
    // The second version waits for statements that outlive this object.
    sqlite3_close_v2(handle)
  }

  /// The file's full path, free of symbolic links, so that it is the same in all processes.
  package var fullPath: String { sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? path }

  /// The maximum size of a row in bytes.
  var largestRow: Int { Int(sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, -1)) }

  /// Whether the file is no longer in the state that this connection expects; what was read since then may be wrong.
  package var isOutdated: Bool {
    if case .withoutLocks(let state) = mode { FileState(path: path) != state } else { false }
  }

  /// Whether to retry what failed with `error`: on a new connection, if this one is outdated. Pauses for 2 ms before a retry
  /// after a transient error; there is none after `deadline` (`Clock.monotonic`).
  func mayTryAgain(after error: LogError, until deadline: Int64) -> Bool {
    if isOutdated || error.code == LogError.fileChanged(path).code { return true }
    guard case .reading = mode, error.isTransientForReaders, Clock.monotonic < deadline else { return false }
    Clock.sleep(milliseconds: 2)
    return true
  }

  /// Runs statements that have no parameters and return no rows.
  package func execute(_ sql: String) throws(LogError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw LogError.sqlite(code, handle, file: path) }
  }

  /// The first column of the first row of `sql`; 0 if there is no row.
  package func integer(_ sql: String) throws(LogError) -> Int64 {
    let statement = try Statement(self, sql)
    return try statement.step() ? statement.int64(0) : 0
  }

  /// The number of rows that the last INSERT, UPDATE or DELETE has changed.
  var changes: Int { Int(sqlite3_changes(handle)) }

  /// Runs `body` in a transaction that holds the write lock; rolls back if anything throws.
  package func write<T>(_ body: () throws(LogError) -> T) throws(LogError) -> T {
    try transaction("BEGIN IMMEDIATE", body)
  }

  /// Runs `body` on one snapshot of the file; throws `FILE_CHANGED` if the file has changed meanwhile.
  package func read<T>(_ body: () throws(LogError) -> T) throws(LogError) -> T {
    let result: T
    do throws(LogError) {
      result = try transaction("BEGIN", body)
    } catch {
      throw isOutdated ? .fileChanged(path) : error
    }
    guard !isOutdated else { throw .fileChanged(path) }
    return result
  }

  private func transaction<T>(_ begin: String, _ body: () throws(LogError) -> T) throws(LogError) -> T {
    try execute(begin)
    do throws(LogError) {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // After some errors SQLite has already rolled back, and this statement fails.
      try? execute("ROLLBACK")
      throw error
    }
  }
}

extension Connection.Mode {
  fileprivate var flags: Int32 {
    switch self {
    case .writing: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .reading: SQLITE_OPEN_READONLY
    case .withoutLocks: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
    }
  }

  fileprivate var isAbandoned: Bool {
    if case .withoutLocks(let state) = self { state.use == .abandoned } else { false }
  }

  /// SQLite's file system without locks, for a WAL that is to be read as if only this connection used it.
  fileprivate var vfs: String? { isAbandoned ? "unix-none" : nil }

  /// The name to open with SQLite: the file's path, or a URI with every special character escaped.
  fileprivate func name(of path: String) -> String {
    guard case .withoutLocks = self, !isAbandoned else { return path }
    let escaped = path.utf8.map { byte in
      let isPlain = byte > 0x2c && byte < 0x3a || byte > 0x40 && byte < 0x5b || byte > 0x60 && byte < 0x7b
      let hex = String(byte, radix: 16)
      return isPlain ? String(Unicode.Scalar(byte)) : (byte < 16 ? "%0" : "%") + hex
    }.joined()
    // An absolute path follows an empty authority, so that two slashes at its start do not begin one.
    return (path.utf8.first == UInt8(ascii: "/") ? "file://" : "file:") + escaped + "?immutable=1"
  }
}

extension Connection {
  /// The size of the WAL in bytes beyond which it is too large: more than it keeps when it starts again from its beginning.
  private static let largestWAL = 48 << 20

  /// Lets the next transaction write the WAL from its beginning if it is too large. SQLite does so by itself only when
  /// nobody reads from the WAL at the end of a transaction, and while both stages are busy one of them always does. Waits
  /// up to 100 ms for readers; if they take longer, the next transaction tries again.
  func boundWAL() {
    var status = stat()
    guard stat("\(path)-wal", &status) == 0, status.st_size > Self.largestWAL else { return }
    sqlite3_busy_timeout(handle, 100)
    defer { sqlite3_busy_timeout(handle, busyTimeout) }
    sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_RESTART, nil, nil)
  }
}
