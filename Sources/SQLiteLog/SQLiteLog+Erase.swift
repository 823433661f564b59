import Contract
import EventLog

extension SQLiteLog {
  /// Deletes records; their offsets stay unused, and the others as they are. What they were is in the file, unseen, until `rewrite`.
  package func erase(_ records: [(partition: TopicPartition, offset: Int64)]) throws(LogError) {
    try requireWriting()
    try withConnection { (connection, catalog) throws(LogError) in
      try file.write(connection) { () throws(LogError) in
        for (partition, offset) in records {
          let entry = try catalog.entry(partition.topic, partition: partition.partition)
          try connection.execute(
            """
            DELETE FROM \(entry.isCompacted ? "compacted_records" : "records")
            WHERE topic = \(entry.id) AND partition = \(partition.partition) AND "offset" = \(offset)
            """)
        }
      }
    }
  }

  /// Writes the whole file anew, so that nothing is left in it or its WAL of what was deleted. Needs free disk space of three times its
  /// size. Throws if another process has it open.
  package func rewrite() throws(LogError) {
    try requireWriting()
    try withConnection { (connection, _) throws(LogError) in
      try connection.execute("VACUUM")
      guard try connection.integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0 else {
        throw LogError(
          .unusable, code: "SQLITE_BUSY",
          "\(path) is read by another process, so deleted records cannot be removed from \(path)-wal; stop it first"
        )
      }
    }
  }
}
