import CSQLite
import EventLog

/// A connection to one SQLite file; opened in init, closed in deinit. One thread at a time uses it.
package final class Connection {
  package let path: String
  let handle: OpaquePointer

  /// Opens the file, and makes an empty one if there is none. Waits up to `busyTimeout` milliseconds for locks.
  package init(path: String, busyTimeout: Int32) throws(LogError) {
    var opened: OpaquePointer?
    // Not SQLite's own mutexes: the owner is one thread at a time.
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      let error = LogError.sqlite(code, opened, file: path)
      sqlite3_close_v2(opened)
      throw error
    }
    self.path = path
    handle = opened
    sqlite3_busy_timeout(handle, busyTimeout)
  }

  deinit {
    // The second version waits for statements that outlive this object.
    sqlite3_close_v2(handle)
  }

  /// The file's full path, free of symbolic links, so that it is the same in all processes.
  package var fullPath: String { sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? path }

  /// The most bytes of a row.
  var largestRow: Int { Int(sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, -1)) }

  /// Runs statements that take no values and return no rows.
  package func execute(_ sql: String) throws(LogError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw LogError.sqlite(code, handle, file: path) }
  }

  /// The first column of the first row of `sql`.
  package func integer(_ sql: String) throws(LogError) -> Int64 {
    let statement = try Statement(self, sql)
    return try statement.step() ? statement.int64(0) : 0
  }

  /// Runs `body` in a transaction that holds the write lock; rolls all back if anything throws.
  package func write<T>(_ body: () throws(LogError) -> T) throws(LogError) -> T {
    try transaction("BEGIN IMMEDIATE", body)
  }

  /// Runs `body` on one snapshot of the file.
  package func read<T>(_ body: () throws(LogError) -> T) throws(LogError) -> T {
    try transaction("BEGIN", body)
  }

  private func transaction<T>(_ begin: String, _ body: () throws(LogError) -> T) throws(LogError) -> T {
    try execute(begin)
    do throws(LogError) {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // SQLite has already rolled back after some errors, and then this one says that there is nothing to do.
      try? execute("ROLLBACK")
      throw error
    }
  }
}
