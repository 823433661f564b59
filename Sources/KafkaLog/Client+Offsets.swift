import CRdKafka
import Contract
import EventLog

extension Client {
  enum LogOffset {
    case beginning
    /// The last stable offset for a `read_committed` client, otherwise the high watermark.
    case end

    /// The special timestamps of a ListOffsets request: -2 earliest, -1 latest.
    var time: Int64 { self == .beginning ? -2 : -1 }
  }

  /// The first or the end offset of each partition, queried with one request to each leader.
  func offsets(
    _ which: LogOffset, of partitions: [TopicPartition], names: TopicNames
  ) throws(LogError) -> Positions {
    try ask(for: partitions, names: names, doing: "querying offsets") { missing, timeout in
      let list = PartitionList(missing, offset: which.time, names: names)
      return (list.withHandle { rd_kafka_offsets_for_times(self.handle, $0, timeout) }, list)
    }.positions
  }

  /// The committed offsets of the client's group, with their metadata; partitions without one are left out. Waits until no
  /// transaction has offsets pending. After every `patience` milliseconds without a response, `denial` may return an error
  /// that ends the wait.
  func committed(
    _ partitions: [TopicPartition], names: TopicNames, patience: Int32 = .max,
    denial: () -> LogError? = { nil }
  ) throws(LogError) -> CommittedPositions {
    try ask(
      for: partitions, names: names, doing: "querying committed offsets", atMost: patience, denial: denial
    ) { missing, timeout in
      let list = PartitionList(missing, offset: Int64(RD_KAFKA_OFFSET_INVALID), names: names)
      return (list.withHandle { rd_kafka_committed(self.handle, $0, timeout) }, list)
    }
  }

  /// Retries until each partition has its offset, or an error that retrying would not cure.
  private func ask(
    for partitions: [TopicPartition], names: TopicNames, doing what: String, atMost patience: Int32 = .max,
    denial: () -> LogError? = { nil },
    _ request: (_ missing: [TopicPartition], _ timeout: Int32) -> (rd_kafka_resp_err_t, PartitionList)
  ) throws(LogError) -> CommittedPositions {
    var answers = CommittedPositions()
    var missing = partitions
    var lastError = RD_KAFKA_RESP_ERR__TIMED_OUT
    let deadline = Deadline.request
    while !missing.isEmpty {
      guard !deadline.hasPassed else {
        throw LogError(lastError, doing: "\(what) of \(names.name(of: missing[0]))")
      }
      let (error, list) = request(missing, min(deadline.remaining, patience))
      if error != RD_KAFKA_RESP_ERR_NO_ERROR {
        lastError = error
        if error.saysUnknown {
          try requireExistence(of: missing, names: names)
        } else if LogError.Kind(error) != .retriable {
          throw LogError(error, doing: what)
        }
        if let denial = denial() { throw denial }
      } else {
        var left: [TopicPartition] = []
        var unknown: [TopicPartition] = []
        var failure: LogError?
        list.forEach(names) { partition, offset, error in
          if error == RD_KAFKA_RESP_ERR_NO_ERROR {
            if offset >= 0 { answers.positions[partition] = offset }
          } else if error.saysUnknown {
            lastError = error
            unknown.append(partition)
          } else if LogError.Kind(error) == .retriable {
            // Such as UNSTABLE_OFFSET_COMMIT while a transaction is open, or a leader that moves.
            lastError = error
            left.append(partition)
          } else {
            failure = LogError(error, doing: "\(what) of \(names.name(of: partition))")
          }
        }
        if let failure { throw failure }
        if !unknown.isEmpty { try requireExistence(of: unknown, names: names) }
        answers.notes.merge(list.notes(names)) { $1 }
        missing = left + unknown
      }
      if !missing.isEmpty { Deadline.pause() }
    }
    return answers
  }
}

extension Client {
  /// The error that needs an operator, if one was raised since the last call. For a consumer that reads nothing.
  func takeDenial(doing what: String) -> LogError? {
    while let message = rd_kafka_consumer_poll(handle, 0) {
      defer { rd_kafka_message_destroy(message) }
      let code = message.pointee.err
      guard LogError.Kind(code) == .unusable else { continue }
      let reason = rd_kafka_message_errstr(message).map { String(cString: $0) } ?? code.name
      return LogError(code, "\(what): \(reason)")
    }
    return nil
  }
}
