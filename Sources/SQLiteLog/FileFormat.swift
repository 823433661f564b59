import Contract
import EventLog
import Platform

/// The contents of a log's file, and how to recognize such a file.
enum FileFormat {
  /// "PPLG" in `PRAGMA application_id`.
  static let applicationID: Int64 = 0x5050_4C47
  /// In `PRAGMA user_version`. Must be raised with each change that older programs cannot read.
  static let version: Int64 = 2

  /// `records` and `compacted_records` hold what Kafka would keep in a topic's partitions; headers are encoded as by
  /// `EncodedHeaders`.
  ///
  /// A compacted topic keeps only the newest record of each key, with `settled` = 0, so that the unique key makes OR REPLACE
  /// delete the older one. In a topic that keeps older records (`Topic.keepsOlderRecords`), `settled` is offset + 2 (or 1, if
  /// an older version of this program has compacted it), so that none replaces another; `Compaction` deletes older ones.
  ///
  /// The next offset is stored in `partitions`, since it must grow even if the newest records are deleted.
  private static let schema = """
    CREATE TABLE log (identity TEXT NOT NULL);
    INSERT INTO log VALUES (lower(hex(randomblob(16))));
    CREATE TABLE topics (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL, compacted INTEGER NOT NULL
    );
    CREATE TABLE partitions (
      topic INTEGER NOT NULL, partition INTEGER NOT NULL,
      first_offset INTEGER NOT NULL DEFAULT 0, next_offset INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (topic, partition)
    ) WITHOUT ROWID;
    \(records);
    CREATE TABLE compacted_records (
      topic INTEGER NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL,
      timestamp INTEGER NOT NULL, key BLOB NOT NULL, value BLOB, headers BLOB, settled INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (topic, partition, "offset"), UNIQUE (topic, partition, key, settled)
    ) WITHOUT ROWID;
    CREATE TABLE positions (
      group_name TEXT NOT NULL, topic INTEGER NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL,
      note TEXT NOT NULL DEFAULT '',
      PRIMARY KEY (group_name, topic, partition)
    ) WITHOUT ROWID;
    PRAGMA application_id = \(applicationID);
    PRAGMA user_version = \(version);
    """

  private static let records = """
    CREATE TABLE records (
      topic INTEGER NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL,
      timestamp INTEGER NOT NULL, key BLOB, value BLOB, headers BLOB,
      PRIMARY KEY (topic, partition, "offset")
    ) WITHOUT ROWID
    """

  /// Upgrades a file of version 1 to version 2, which allows records without a key, headers without a value, and notes with
  /// positions. Records stay as they are, so only the text of their table's definition is replaced
  /// (https://www.sqlite.org/lang_altertable.html, section 7: a change that removes a NOT NULL constraint). O(1). Must be
  /// called within a transaction.
  private static func upgrade(_ connection: Connection) throws(LogError) {
    let schemaVersion = try connection.integer("PRAGMA schema_version")
    try connection.execute(
      """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = '\(records)' WHERE type = 'table' AND name = 'records';
      PRAGMA schema_version = \(schemaVersion + 1);
      PRAGMA writable_schema = OFF;
      ALTER TABLE positions ADD COLUMN note TEXT NOT NULL DEFAULT '';
      PRAGMA user_version = \(version);
      """)
  }

  /// Topics to create in a log that has none.
  struct FirstTopics {
    var partitions: Int32
    var generation: Generation
  }

  /// Opens `path` and applies the settings that each connection needs. For writing, creates a log if the file is empty or
  /// missing, and upgrades one of an older version. A log without any topic gets `topics`; in a new log they are created in
  /// the same transaction, so that no other process sees it without them.
  ///
  /// Throws an `unusable` error, and leaves the file alone, if it belongs to another program or a newer version.
  static func open(
    _ path: String, _ access: SQLiteLog.Access, _ options: SQLiteLog.Options, topics: FirstTopics? = nil
  ) throws(LogError) -> Connection {
    let start = Clock.monotonic
    while true {
      do throws(LogError) {
        return try access == .writing ? tryToOpen(path, options, topics) : tryToRead(path, options)
      } catch {
        // SQLite itself does not wait while another connection changes to WAL mode, or removes the WAL as the last one.
        guard error.isTransientForReaders, Clock.monotonic < start + Int64(options.busyTimeout) else {
          throw error
        }
        Clock.sleep(milliseconds: 2)
      }
    }
  }

  private static func tryToOpen(
    _ path: String, _ options: SQLiteLog.Options, _ topics: FirstTopics?
  ) throws(LogError) -> Connection {
    let connection = try Connection(path: path, busyTimeout: options.busyTimeout, .writing)
    var isUnfinished = try isEmpty(connection)
    if !isUnfinished {
      try check(connection)
      if topics != nil { isUnfinished = try hasNoTopics(connection) }
    }
    if isUnfinished {
      // Has no effect on a file that has pages.
      try connection.execute("PRAGMA page_size = 8192")
      try connection.write { () throws(LogError) in
        // Checked again under the lock: another process may have created it meanwhile.
        if try isEmpty(connection) { try connection.execute(schema) }
        if let topics, try hasNoTopics(connection) {
          for topic in Topic.allCases where topic != .taskCheckpoints {
            try SQLiteLog.insert(
              topic.name(in: topics.generation), topic.isCompacted, topics.partitions, connection)
          }
        }
      }
    }
    try check(connection)
    if try version(of: connection) == 1 {
      try connection.write { () throws(LogError) in
        if try version(of: connection) == 1 { try upgrade(connection) }
      }
    }
    try configure(connection, options)
    return connection
  }

  private static func hasNoTopics(_ connection: Connection) throws(LogError) -> Bool {
    try connection.integer("SELECT count(*) FROM topics") == 0
  }

  static func isEmpty(_ connection: Connection) throws(LogError) -> Bool {
    let id = try connection.integer("PRAGMA application_id")
    let tables = try connection.integer("SELECT count(*) FROM sqlite_schema")
    return id == 0 && tables == 0
  }

  private static func version(of connection: Connection) throws(LogError) -> Int64 {
    try connection.integer("PRAGMA user_version")
  }

  static func check(_ connection: Connection) throws(LogError) {
    guard try connection.integer("PRAGMA application_id") == applicationID else {
      throw LogError(
        .unusable, code: "FOREIGN_FILE",
        "\(connection.path) is a SQLite file of another program, not an event log")
    }
    let found = try version(of: connection)
    guard (1...version).contains(found) else {
      throw LogError(
        .unusable, code: "UNKNOWN_VERSION",
        "\(connection.path) has format \(found), but this program supports \(version); use the version that wrote it"
      )
    }
  }

  private static func configure(_ connection: Connection, _ options: SQLiteLog.Options) throws(LogError) {
    let change = try Statement(connection, "PRAGMA journal_mode = WAL")
    let mode = try change.step() ? change.text(0) : ""
    change.reset()
    guard mode == "wal" else {
      throw LogError(
        .unusable, code: "NO_WAL",
        "\(connection.path) is on a file system without the locks and shared memory that WAL mode needs")
    }
    // Checkpoints of the WAL after 16 MB: with fewer checkpoints, a page that changes often is written fewer times.
    try connection.execute(
      """
      PRAGMA synchronous = \(options.durability == .powerLoss ? "FULL" : "NORMAL");
      PRAGMA wal_autocheckpoint = 2000;
      PRAGMA journal_size_limit = 33554432;
      PRAGMA cache_size = -16384;
      """)
    if let bytes = options.maxBytes {
      let pageSize = max(1, try connection.integer("PRAGMA page_size"))
      try connection.execute("PRAGMA max_page_count = \(max(1, bytes / pageSize))")
    }
  }
}
