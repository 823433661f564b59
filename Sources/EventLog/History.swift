import Contract

extension LogError {
  /// A partition begins at `beginning`, and its records from `needed` on are needed.
  public static func historyMissing(_ partition: TopicPartition, beginning: Int64, needed: Int64) -> Self {
    LogError(
      .unusable, code: "HISTORY_MISSING",
      "\(partition) begins at offset \(beginning), and its records from \(needed) on are needed: "
        + "the state cannot be built without them")
  }
}

extension EventLog {
  /// Throws an `unusable` error that names a partition of the inputs which has lost its beginning.
  public func requireWholeHistory(partitions: Int32) throws(LogError) {
    let inputs = Topic.inputs.flatMap { topic in (0..<partitions).map { TopicPartition(topic, $0) } }
    for (partition, beginning) in try beginnings(inputs) where beginning > 0 {
      throw .historyMissing(partition, beginning: beginning, needed: 0)
    }
  }
}
