import CSQLite
import EventLog

/// A prepared statement; prepared in init, finalized in deinit. Parameters are numbered from 1, columns from 0.
package final class Statement {
  private let handle: OpaquePointer
  private let path: String

  package init(_ connection: Connection, _ sql: String) throws(LogError) {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else {
      throw LogError.sqlite(code, connection.handle, file: connection.path)
    }
    handle = prepared
    path = connection.path
  }

  deinit { sqlite3_finalize(handle) }

  package func bind(_ index: Int32, _ value: Int64) throws(LogError) {
    try check(sqlite3_bind_int64(handle, index, value))
  }

  package func bind(_ index: Int32, number value: Double) throws(LogError) {
    try check(sqlite3_bind_double(handle, index, value))
  }

  package func bind(_ index: Int32, _ text: String) throws(LogError) {
    // With its length, since the text may contain a zero byte. -1 as a pointer is SQLITE_TRANSIENT: SQLite copies the text.
    try check(
      sqlite3_bind_text(
        handle, index, text, Int32(text.utf8.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self)))
  }

  /// Binds `bytes` without a copy: they must stay valid until the statement is reset. Nil is NULL.
  package func bind(_ index: Int32, borrowed bytes: UnsafeRawBufferPointer?) throws(LogError) {
    guard let bytes else { return try check(sqlite3_bind_null(handle, index)) }
    // A null address would bind NULL, which means a tombstone, instead of an empty value.
    guard let base = bytes.baseAddress, !bytes.isEmpty else {
      return try check(sqlite3_bind_zeroblob(handle, index, 0))
    }
    try check(sqlite3_bind_blob64(handle, index, base, UInt64(bytes.count), nil))
  }

  /// Steps to the next row; returns false if there is none.
  package func step() throws(LogError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    let error = LogError.sqlite(code, sqlite3_db_handle(handle), file: path)
    sqlite3_reset(handle)
    throw error
  }

  /// Makes the statement ready to run again; bindings stay.
  package func reset() { sqlite3_reset(handle) }

  /// Runs it to completion and resets it.
  package func run() throws(LogError) {
    while try step() {}
    reset()
  }

  package func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  package func text(_ column: Int32) -> String {
    sqlite3_column_text(handle, column).map { String(cString: $0) } ?? ""
  }

  /// The bytes of a blob, valid until the next step or reset; nil for NULL.
  package func bytes(_ column: Int32) -> UnsafeRawBufferPointer? {
    // An empty blob has a null address, like NULL.
    guard let base = sqlite3_column_blob(handle, column) else {
      return isNull(column) ? nil : UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(start: base, count: Int(sqlite3_column_bytes(handle, column)))
  }

  private func check(_ code: Int32) throws(LogError) {
    if code != SQLITE_OK { throw LogError.sqlite(code, sqlite3_db_handle(handle), file: path) }
  }
}
