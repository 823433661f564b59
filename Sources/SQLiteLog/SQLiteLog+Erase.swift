import Contract
import EventLog

extension SQLiteLog {
  /// Deletes records. Their offsets are not used again. Their bytes stay in the file's free pages until `rewrite`.
  package func erase(_ records: [(partition: TopicPartition, offset: Int64)]) throws(LogError) {
    try requireWriting()
    try withConnection { (connection, catalog) throws(LogError) in
      try file.write(connection) { () throws(LogError) in
        for (partition, offset) in records {
          let entry = try catalog.entry(partition.topic, partition: partition.partition)
          try connection.execute(
            """
            DELETE FROM \(entry.table)
            WHERE topic = \(entry.id) AND partition = \(partition.partition) AND "offset" = \(offset)
            """)
        }
      }
    }
  }

  /// Rewrites the whole file, so that neither it nor its WAL contains deleted records any more. Needs free disk space of three
  /// times its size. Throws if another process reads it. O(n).
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
