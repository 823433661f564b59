import Contract
import EventLog

extension SQLiteLog {
  package func createTopics(
    _ topics: [Topic], partitions: Int32, retention: Int64?
  ) throws(LogError) {
    try requireWriting()
    guard retention == nil else {
      throw LogError(
        .unusable, code: "NO_RETENTION", "\(path) keeps all events; SQLite logs have no retention")
    }
    guard (1...Self.maxPartitions).contains(partitions) else {
      throw LogError(
        .unusable, code: "INVALID_PARTITIONS",
        "a topic must have 1 to \(Self.maxPartitions) partitions, not \(partitions)")
    }
    try withConnection { (connection, _) throws(LogError) in
      try file.write(connection) { () throws(LogError) in
        // Read again under the write lock.
        let catalog = try TopicCatalog(connection, generation)
        for topic in topics {
          if let entry = catalog[topic] {
            try check(topic, entry, partitions)
          } else {
            try Self.insert(topic.name(in: generation), topic.isCompacted, partitions, connection)
          }
        }
      }
    }
  }

  package func partitionCounts(of topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    try withConnection { (_, catalog) throws(LogError) in
      var counts: [Topic: Int32] = [:]
      for topic in topics { counts[topic] = try catalog.entry(topic).partitions }
      return counts
    }
  }

  package func checkTopics(_ topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    try withConnection { (_, catalog) throws(LogError) in
      var counts: [Topic: Int32] = [:]
      for topic in topics {
        let entry = try catalog.entry(topic)
        try check(topic, entry, entry.partitions)
        counts[topic] = entry.partitions
      }
      return counts
    }
  }

  /// The limit is that of SQLite for a row, which it reads and writes as a whole; it is the same for all topics.
  package func largestRecord(of topic: Topic) throws(LogError) -> Int {
    try withConnection { (connection, _) throws(LogError) in
      // Leaves room for the other columns.
      connection.largestRow - 4096
    }
  }

  package func deleteTopics(_ topics: [Topic]) throws(LogError) {
    try requireWriting()
    try withConnection { (connection, _) throws(LogError) in
      let catalog = try TopicCatalog(connection, generation)
      let partitions = try catalog.partitions(of: topics.filter { catalog[$0] != nil })
      let ends = Positions(uniqueKeysWithValues: partitions.map { ($0, Int64.max) })
      try deleteRecords(before: ends, connection, catalog)
      try file.write(connection) { () throws(LogError) in
        // Read again under the write lock; others may have written or changed topics meanwhile.
        let catalog = try TopicCatalog(connection, generation)
        for id in topics.compactMap({ catalog[$0]?.id }) {
          try connection.execute(
            """
            DELETE FROM records WHERE topic = \(id);
            DELETE FROM compacted_records WHERE topic = \(id);
            DELETE FROM positions WHERE topic = \(id);
            DELETE FROM partitions WHERE topic = \(id);
            DELETE FROM topics WHERE id = \(id);
            """)
        }
      }
    }
  }

  package func deleteGroups(_ names: [String]) throws(LogError) {
    try requireWriting()
    // The locks keep members from joining meanwhile.
    var locks: [GroupLock] = []
    for name in names { locks.append(try groups.lock(name)) }
    try withExtendedLifetime(locks) { () throws(LogError) in
      try withConnection { (connection, _) throws(LogError) in
        try file.write(connection) { () throws(LogError) in
          let delete = try Statement(connection, "DELETE FROM positions WHERE group_name = ?")
          for name in names {
            try delete.bind(1, name)
            try delete.run()
          }
        }
      }
    }
  }

  /// Deletes the records of each partition before an offset; readers that have not read them get an `unusable` error. An
  /// offset beyond the end means the end. Committed positions and newer offsets stay as they are.
  package func deleteRecords(before offsets: Positions) throws(LogError) {
    try requireWriting()
    try withConnection { (connection, catalog) throws(LogError) in
      try deleteRecords(before: offsets, connection, catalog)
    }
  }

  /// Moves all beginnings in one transaction, and then deletes the records in several, so that none of them becomes large.
  private func deleteRecords(
    before offsets: Positions, _ connection: Connection, _ catalog: TopicCatalog
  ) throws(LogError) {
    func place(_ partition: TopicPartition) throws(LogError) -> (condition: String, table: String) {
      let entry = try catalog.entry(partition.topic, partition: partition.partition)
      return ("topic = \(entry.id) AND partition = \(partition.partition)", entry.table)
    }
    try file.write(connection) { () throws(LogError) in
      for (partition, offset) in offsets {
        try connection.execute(
          """
          UPDATE partitions SET first_offset = max(first_offset, min(\(offset), next_offset))
          WHERE \(try place(partition).condition)
          """)
      }
    }
    for (partition, offset) in offsets {
      let (condition, table) = try place(partition)
      var isDone = false
      while !isDone {
        try file.write(connection) { () throws(LogError) in
          try connection.execute(
            """
            DELETE FROM \(table) WHERE \(condition) AND "offset" < min(\(offset), \(Self.deletedAtOnce) +
              (SELECT min("offset") FROM \(table) WHERE \(condition)))
            """)
          isDone = connection.changes == 0
        }
        connection.boundWAL()
      }
    }
  }

  /// The headers of one record, empty if it has none; nil if there is no such record (any more).
  package func headers(
    of partition: TopicPartition, at offset: Int64
  ) throws(LogError) -> [Header]? {
    let bytes = try withConnection { (connection, catalog) throws(LogError) -> [UInt8]? in
      let entry = try catalog.entry(partition.topic, partition: partition.partition)
      let select = try Statement(
        connection,
        """
        SELECT headers FROM \(entry.table)
        WHERE topic = ? AND partition = ? AND "offset" = ?
        """)
      try select.bind(1, entry.id)
      try select.bind(2, Int64(partition.partition))
      try select.bind(3, offset)
      return try select.step() ? Array(select.bytes(0) ?? UnsafeRawBufferPointer(start: nil, count: 0)) : nil
    }
    return bytes.flatMap { EncodedHeaders.decode($0) }
  }

  /// The maximum number of records that one transaction deletes.
  private static let deletedAtOnce = 10_000

  /// Far more than any machine has cores; keeps a typing error from creating a huge file.
  private static let maxPartitions: Int32 = 4096

  private func check(
    _ topic: Topic, _ entry: TopicCatalog.Entry, _ partitions: Int32
  ) throws(LogError) {
    let name = topic.name(in: generation)
    if entry.partitions != partitions {
      throw LogError(
        .unusable, code: "TOPIC_EXISTS",
        "\(path) has topic '\(name)' with \(entry.partitions) partitions, not \(partitions)")
    }
    if entry.isCompacted != topic.isCompacted {
      throw LogError(
        .unusable, code: "TOPIC_EXISTS",
        "\(path) has topic '\(name)' \(entry.isCompacted ? "with" : "without") compaction, "
          + "but must have it \(topic.isCompacted ? "on" : "off")")
    }
  }

  /// Inserts a topic. Must be called within a write transaction.
  static func insert(
    _ name: String, _ isCompacted: Bool, _ partitions: Int32, _ connection: Connection
  ) throws(LogError) {
    let insert = try Statement(
      connection, "INSERT INTO topics (name, partitions, compacted) VALUES (?, ?, ?) RETURNING id")
    try insert.bind(1, name)
    try insert.bind(2, Int64(partitions))
    try insert.bind(3, isCompacted ? 1 : 0)
    let id = try insert.step() ? insert.int64(0) : 0
    insert.reset()
    let row = try Statement(connection, "INSERT INTO partitions (topic, partition) VALUES (?, ?)")
    try row.bind(1, id)
    for partition in 0..<partitions {
      try row.bind(2, Int64(partition))
      try row.run()
    }
  }
}
