import CSQLite
import EventLog

extension LogError {
  /// The error for SQLite's result `code`; `handle` is the connection that returned it, if there is one.
  /// Codes: https://www.sqlite.org/rescode.html
  static func sqlite(_ code: Int32, _ handle: OpaquePointer?, file: String) -> LogError {
    let primary = code & 0xff
    let detail = handle.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    let text = detail.map { String(cString: $0) } ?? "unknown error"
    if let name = transientForReaders[code] {
      return LogError(.retriable, code: name, "\(file): another process is opening or closing it")
    }
    let name = names[primary] ?? "SQLITE_\(code)"
    return LogError(kind(ofPrimary: primary), code: name, "\(file): \(explanations[primary] ?? text)")
  }

  private static func kind(ofPrimary code: Int32) -> Kind {
    switch code {
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_NOMEM, SQLITE_INTERRUPT, SQLITE_PROTOCOL,
      SQLITE_SCHEMA:
      .retriable
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH:
      .unusable
    case SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH:
      .abortable
    default:
      .fatal
    }
  }

  /// The transient errors of a reader without write permission, while other processes open and close the file.
  private static let transientForReaders: [Int32: String] = [
    SQLITE_READONLY | 1 << 8: "SQLITE_READONLY_RECOVERY",
    SQLITE_READONLY | 2 << 8: "SQLITE_READONLY_CANTLOCK",
    SQLITE_READONLY | 5 << 8: "SQLITE_READONLY_CANTINIT",
  ]

  private static let explanations: [Int32: String] = [
    SQLITE_BUSY: "another process is writing and did not finish in time",
    SQLITE_FULL: "the disk is full",
    SQLITE_CORRUPT: "the file is damaged; restore a backup, or remove it and import the events again",
    SQLITE_NOTADB: "this is not a SQLite file",
    SQLITE_READONLY: "the file or its directory cannot be written",
    SQLITE_CANTOPEN: "the file cannot be opened; its directory must exist and be writable",
    SQLITE_TOOBIG: "a record is too large",
  ]

  private static let names: [Int32: String] = [
    SQLITE_ERROR: "SQLITE_ERROR", SQLITE_INTERNAL: "SQLITE_INTERNAL", SQLITE_PERM: "SQLITE_PERM",
    SQLITE_ABORT: "SQLITE_ABORT", SQLITE_BUSY: "SQLITE_BUSY", SQLITE_LOCKED: "SQLITE_LOCKED",
    SQLITE_NOMEM: "SQLITE_NOMEM", SQLITE_READONLY: "SQLITE_READONLY", SQLITE_INTERRUPT: "SQLITE_INTERRUPT",
    SQLITE_IOERR: "SQLITE_IOERR", SQLITE_CORRUPT: "SQLITE_CORRUPT", SQLITE_NOTFOUND: "SQLITE_NOTFOUND",
    SQLITE_FULL: "SQLITE_FULL", SQLITE_CANTOPEN: "SQLITE_CANTOPEN", SQLITE_PROTOCOL: "SQLITE_PROTOCOL",
    SQLITE_SCHEMA: "SQLITE_SCHEMA", SQLITE_TOOBIG: "SQLITE_TOOBIG", SQLITE_CONSTRAINT: "SQLITE_CONSTRAINT",
    SQLITE_MISMATCH: "SQLITE_MISMATCH", SQLITE_MISUSE: "SQLITE_MISUSE", SQLITE_NOLFS: "SQLITE_NOLFS",
    SQLITE_AUTH: "SQLITE_AUTH", SQLITE_RANGE: "SQLITE_RANGE", SQLITE_NOTADB: "SQLITE_NOTADB",
  ]
}
