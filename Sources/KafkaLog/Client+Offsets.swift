import CRdKafka
import Contract
import EventLog

extension Client {
  enum LogOffset {
    case beginning
    /// For a `read_committed` client the last stable offset, else the high watermark.
    case end

    /// The special times of a ListOffsets request: -2 earliest, -1 latest.
    var time: Int64 { self == .beginning ? -2 : -1 }
  }

  /// The first or the end offset of each partition, asked in one request to each of the leaders.
  func offsets(
    _ which: LogOffset, of partitions: [TopicPartition], names: TopicNames
  ) throws(LogError) -> Positions {
    try ask(for: partitions, names: names, doing: "asking for offsets") { missing, timeout in
      let list = PartitionList(missing, offset: which.time, names: names)
      return (list.withHandle { rd_kafka_offsets_for_times(self.handle, $0, timeout) }, list)
    }.positions
  }

  /// The committed offsets of the client's group, with their metadata; a partition without one is not in the answer. Waits
  /// until none is pending in a transaction.
  func committed(_ partitions: [TopicPartition], names: TopicNames) throws(LogError) -> CommittedPositions {
    try ask(for: partitions, names: names, doing: "asking for committed offsets") { missing, timeout in
      let list = PartitionList(missing, offset: Int64(RD_KAFKA_OFFSET_INVALID), names: names)
      return (list.withHandle { rd_kafka_committed(self.handle, $0, timeout) }, list)
    }
  }

  /// Asks until each partition has its answer or an error that asking again would not cure.
  private func ask(
    for partitions: [TopicPartition], names: TopicNames, doing what: String,
    _ request: (_ missing: [TopicPartition], _ timeout: Int32) -> (rd_kafka_resp_err_t, PartitionList)
  ) throws(LogError) -> CommittedPositions {
    var answers = CommittedPositions()
    var missing = partitions
    var lastError = RD_KAFKA_RESP_ERR__TIMED_OUT
    let deadline = Deadline.request
    while !missing.isEmpty {
      guard !deadline.hasPassed else { throw LogError(lastError, doing: "\(what) of \(missing[0])") }
      let (error, list) = request(missing, deadline.remaining)
      if error != RD_KAFKA_RESP_ERR_NO_ERROR {
        lastError = error
        guard LogError.Kind(error) == .retriable else { throw LogError(error, doing: what) }
      } else {
        var left: [TopicPartition] = []
        var failure: LogError?
        list.forEach(names) { partition, offset, error in
          if error == RD_KAFKA_RESP_ERR_NO_ERROR {
            if offset >= 0 { answers.positions[partition] = offset }
          } else if LogError.Kind(error) == .retriable {
            // Such as UNSTABLE_OFFSET_COMMIT while a transaction is open, or a leader that moves.
            lastError = error
            left.append(partition)
          } else {
            failure = LogError(error, doing: "\(what) of \(partition)")
          }
        }
        if let failure { throw failure }
        answers.notes.merge(list.notes(names)) { $1 }
        missing = left
      }
      if !missing.isEmpty { Deadline.pause() }
    }
    return answers
  }
}
