import Contract
import EventLog
import Indicators
import SQLiteLog

/// An index of a log's events by customer, person and partner in a SQLite file of its own, so that the facts behind a partner's
/// numbers are found without reading the whole log. It can be deleted at any time; it is then filled from the beginning.
///
/// Newest events are in `recent`, ordered by owner. From time to time all of them are moved to the end of `events` as a run: so
/// what is written per event does not grow with the file, and an owner's events are a few adjacent rows per run.
/// Size: about that of the log's values, but of what a user did in a month and place one event is kept.
/// One thread at a time uses it.
package final class FactStore {
  /// Goes up with each change that an older program cannot read.
  private static let format: Int64 = 1

  /// What the index is of; another one is not used, but made anew.
  package struct Source: Equatable, Sendable {
    /// The log's identity.
    package var log: String
    /// Partitions of each input.
    package var partitions: Int32
    /// Billing lines in another one are refused, and do not move the clock.
    package var currency: String

    package init(log: String, partitions: Int32, currency: String) {
      (self.log, self.partitions, self.currency) = (log, partitions, currency)
    }

    fileprivate var text: String { "\(log) \(partitions) \(currency)" }
  }

  let connection: Connection
  let source: Source
  /// From how many events on `recent` is moved to the end of `events`.
  let runLength: Int64

  /// Opens the index at `path`, or makes an empty one. Throws an `unusable` error if the file is something else or cannot be
  /// written.
  package init(path: String, of source: Source, runLength: Int64 = 300_000) throws(LogError) {
    self.source = source
    self.runLength = runLength
    connection = try Connection(path: path, busyTimeout: 10_000)
    let application = try connection.integer("PRAGMA application_id")
    let isEmpty = try connection.integer("SELECT count(*) FROM sqlite_schema") == 0
    guard isEmpty || application == Self.applicationID else {
      throw LogError(.unusable, code: "NOT_A_FACT_STORE", "\(path) is not a fact store")
    }
    try connection.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536")
    if try !isCurrent(isEmpty) { try connection.write { () throws(LogError) in try makeAnew() } }
  }

  /// "PPFS" in `PRAGMA application_id`.
  private static let applicationID: Int64 = 0x5050_4653

  private func isCurrent(_ isEmpty: Bool) throws(LogError) -> Bool {
    guard !isEmpty, try connection.integer("PRAGMA user_version") == Self.format else { return false }
    let statement = try Statement(connection, "SELECT text FROM source")
    return try statement.step() && statement.text(0).hasSameUTF8(as: source.text)
  }

  /// Forgets all of it. To be called within a transaction.
  func makeAnew() throws(LogError) {
    try connection.execute(
      """
      DROP TABLE IF EXISTS source; DROP TABLE IF EXISTS positions; DROP TABLE IF EXISTS members;
      DROP TABLE IF EXISTS clock; DROP TABLE IF EXISTS months; DROP TABLE IF EXISTS runs;
      DROP TABLE IF EXISTS events; DROP TABLE IF EXISTS recent;
      CREATE TABLE source (text TEXT NOT NULL);
      CREATE TABLE positions (
        topic INTEGER NOT NULL, partition INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (topic, partition)
      ) WITHOUT ROWID;
      CREATE TABLE members (
        partner INTEGER NOT NULL, is_person INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
        PRIMARY KEY (partner, is_person, low, high)
      ) WITHOUT ROWID;
      CREATE TABLE clock (minute INTEGER PRIMARY KEY, newest INTEGER NOT NULL);
      CREATE TABLE months (month INTEGER PRIMARY KEY, arrived INTEGER NOT NULL);
      CREATE TABLE runs (run INTEGER PRIMARY KEY);
      CREATE TABLE events (
        run INTEGER NOT NULL, \(Self.columns), PRIMARY KEY (run, owner, place)
      ) WITHOUT ROWID;
      CREATE TABLE recent (\(Self.columns), PRIMARY KEY (owner, place)) WITHOUT ROWID;
      PRAGMA application_id = \(Self.applicationID);
      PRAGMA user_version = \(Self.format);
      """)
    let statement = try Statement(connection, "INSERT INTO source VALUES (?)")
    try statement.bind(1, source.text)
    try statement.run()
  }

  /// `place` orders the events of an owner as they are in the log.
  private static let columns = """
    owner INTEGER NOT NULL, place INTEGER NOT NULL, topic INTEGER NOT NULL, partition INTEGER NOT NULL,
    "offset" INTEGER NOT NULL, timestamp INTEGER, key BLOB, value BLOB NOT NULL
    """

  /// Where the index goes on reading each partition.
  func positions() throws(LogError) -> Positions {
    let statement = try Statement(connection, "SELECT topic, partition, position FROM positions")
    var positions: Positions = [:]
    while try statement.step() {
      guard let topic = Topic(rawValue: UInt8(truncatingIfNeeded: statement.int64(0))) else { continue }
      positions[TopicPartition(topic, Int32(statement.int64(1)))] = statement.int64(2)
    }
    return positions
  }
}

extension Identity {
  /// What stands for it in a column.
  var column: Int64 { Int64(bitPattern: low) }
}
