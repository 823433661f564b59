import CRdKafka
import Contract
import EventLog

extension KafkaMember {
  func commit(
    _ outputs: OutputBatch, positions: Positions, notes: [TopicPartition: String]
  ) -> CommitOutcome {
    if let fatal { return .fatal(fatal) }
    if positions.isEmpty {
      guard !outputs.isEmpty else { return .committed }
      return .aborted(
        LogError(.abortable, code: "_INVALID_ARG", "a commit with outputs must include offsets"))
    }
    if let stranger = positions.keys.first(where: { !owned.tasks.contains($0.partition) }) {
      return .aborted(LogError(.abortable, code: "_STATE", "\(stranger) is not assigned to this member"))
    }
    let committed = CommittedPositions(positions: positions, notes: notes)
    let deadline = Deadline(in: 1_000)
    while true {
      let outcome = attempt(outputs, committed)
      // If a rebalance begins during a commit, this member still owns its tasks until it is told otherwise. The same
      // commit is therefore retried in the new group generation; giving it up would mean to rebuild the state.
      guard case .aborted(let error) = outcome, Self.newGeneration.contains(error.code), !deadline.hasPassed
      else { return outcome }
      Deadline.pause()
    }
  }

  private static let newGeneration = [
    RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION.name, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS.name,
  ]

  private func attempt(_ outputs: OutputBatch, _ committed: CommittedPositions) -> CommitOutcome {
    guard !isExpelled(as: memberID) else {
      return .aborted(LogError(.abortable, code: "_STATE", "this member was removed from its group"))
    }
    // In this order: if the member is removed from the group between the two, the broker refuses the commit.
    guard let group = GroupMetadata(of: consumer), group.isOfMember else {
      return .aborted(
        LogError(.abortable, code: "_STATE", "this consumer is currently not a member of its group"))
    }
    guard rd_kafka_assignment_lost(consumer.handle) == 0 else {
      return .aborted(
        LogError(.abortable, code: "_STATE", "this member's tasks may already be assigned to another member"))
    }
    do {
      let outcome = try readyProducer().run(
        outputs, positions: PartitionList(committed, names: names), group: group)
      return settle(outcome)
    } catch {
      return error.kind == .retriable || error.kind == .unusable ? .aborted(error) : fail(error)
    }
  }

  /// The producer; if the former one had to be given up, a new one, whose initialization ends the former one's transaction.
  func readyProducer() throws(LogError) -> TransactionalProducer {
    if let producer { return producer }
    let fresh = try makeProducer()
    producer = fresh
    return fresh
  }

  private func settle(_ outcome: TransactionalProducer.Outcome) -> CommitOutcome {
    switch outcome {
    case .committed:
      return .committed
    case .abandoned(let error):
      producer = nil
      return .aborted(error)
    case .unknown(let error):
      producer = nil
      return .unknown(error)
    case .fatal(let error):
      return fail(error)
    }
  }

  private func fail(_ error: LogError) -> CommitOutcome {
    let fatalError = LogError(error.kind == .unusable ? .unusable : .fatal, code: error.code, error.message)
    fatal = fatalError
    producer = nil
    return .fatal(fatalError)
  }
}
