import Contract

extension LogError {
  /// A partition begins at `beginning`, and its records from `needed` on are needed.
  fileprivate static func historyMissing(_ partition: TopicPartition, beginning: Int64, needed: Int64) -> Self
  {
    LogError(
      .unusable, code: "HISTORY_MISSING",
      "\(partition) begins at offset \(beginning), but its records from offset \(needed) on are needed "
        + "to build the state")
  }
}

extension TopicPartition {
  /// Throws an `unusable` error if the log no longer has the partition's records from `position` on.
  package func requireRecords(from position: Int64, beginnings: Positions) throws(LogError) {
    let beginning = beginnings[self] ?? 0
    guard position >= beginning else { throw .historyMissing(self, beginning: beginning, needed: position) }
  }
}

extension EventLog {
  /// Throws an `unusable` error that names an input partition whose oldest records were deleted.
  package func requireWholeHistory(partitions: Int32) throws(LogError) {
    let inputs = Topic.inputs.flatMap { topic in (0..<partitions).map { TopicPartition(topic, $0) } }
    let beginnings = try beginnings(inputs)
    for partition in inputs { try partition.requireRecords(from: 0, beginnings: beginnings) }
  }
}
