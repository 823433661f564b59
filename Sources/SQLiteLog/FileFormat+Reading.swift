import EventLog
import Platform

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Reading needs no write permission and leaves no files behind. https://www.sqlite.org/wal.html#readonly
extension FileFormat {
  /// Opens a log for reading. If another process has it open, uses SQLite's locks. Otherwise reads without locks while the file
  /// is unchanged, since for locks SQLite would create files beside it, and fail where it cannot.
  static func tryToRead(_ path: String, _ options: SQLiteLog.Options) throws(LogError) -> Connection {
    let state = FileState(path: path)
    do throws(LogError) {
      let mode: Connection.Mode = state.map { $0.use == .open ? .reading : .withoutLocks($0) } ?? .reading
      let connection = try Connection(path: path, busyTimeout: options.busyTimeout, mode)
      guard try !isEmpty(connection) else {
        throw LogError(
          .unusable, code: "EMPTY_FILE",
          "\(path) is empty; use `topics create`, `import` or `generate` to create a log in it")
      }
      try check(connection)
      try connection.execute("PRAGMA cache_size = -16384")
      guard !connection.isOutdated else { throw .fileChanged(path) }
      return connection
    } catch {
      throw unreadable(path, isOpen: state?.use == .open, error)
    }
  }

  /// The error in words that suit commands that only read.
  private static func unreadable(_ path: String, isOpen: Bool, _ error: LogError) -> LogError {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      return LogError(.unusable, code: "SQLITE_CANTOPEN", "\(path) is a directory")
    }
    guard ["SQLITE_CANTOPEN", "SQLITE_READONLY"].contains(error.code) else { return error }
    if access(path, R_OK) != 0 {
      return LogError(
        .unusable, code: error.code, "\(path) cannot be read: \(SystemError())")
    }
    guard isOpen else {
      return LogError(.unusable, code: error.code, "\(path): the file cannot be opened")
    }
    return LogError(
      .unusable, code: error.code,
      "\(path): its -wal, -shm or -journal file cannot be read; if a killed process left them behind, open the log once with "
        + "write permission, for example with `run`")
  }
}

extension LogError {
  /// The file is not in the state in which it was opened for reading without locks.
  static func fileChanged(_ path: String) -> LogError {
    LogError(.retriable, code: "FILE_CHANGED", "\(path) changed while it was being read")
  }

  /// Whether the error is transient for a reader: another process is just opening, closing or recovering the file, or the file
  /// has changed and must be opened again.
  var isTransientForReaders: Bool {
    code == "FILE_CHANGED" || code == "SQLITE_BUSY" || code.hasPrefix("SQLITE_READONLY_")
  }
}
