import Contract
import EventLog
import Randomness

extension SimulatedMember {
  func commit(
    _ outputs: OutputBatch, positions: Positions, notes: [TopicPartition: String]
  ) -> CommitOutcome {
    let committed = CommittedPositions(positions: positions, notes: notes)
    guard goesOn() else { return .unknown(.hostIsDead) }
    if let fatal { return .fatal(fatal) }
    cluster.catchUp()
    let fault = host.commitFaults.isEmpty ? nil : host.commitFaults.removeFirst()
    if cluster.clock.now < host.isCutOffUntil {
      // Nothing of it arrives; that is known only if the client had not begun to commit.
      return host.chance.percent(50) ? .aborted(.cutOff) : .unknown(.cutOff)
    }
    guard let epoch = epoch ?? freshEpoch(), !cluster.isFenced(identity.transactionalID, epoch: epoch) else {
      return fail("FENCED")
    }
    cluster.trace.note(outputs.count)
    return cluster.defects.contains(.splitsCommits)
      ? commitApart(outputs, committed, fault) : attempt(outputs, committed, fault)
  }

  /// A call from inside of a commit. However long it takes, heartbeats go on meanwhile; the transaction may time out.
  private func goesOn() -> Bool {
    let isAlive = host.call(inCommit: true)
    guard let id, host.delay != nil else { return isAlive }
    cluster.withGroup(named: spec.name) { $0.hear(id, now: cluster.clock.now) }
    cluster.catchUp()
    return isAlive
  }

  private func freshEpoch() -> Int? {
    epoch = cluster.startProducer(identity.transactionalID)
    return epoch
  }

  private func fail(_ code: String) -> CommitOutcome {
    let error = LogError(.fatal, code: code, "the producer is of no more use")
    fatal = error
    fatalStopsPolls = host.chance.percent(50)
    return .fatal(error)
  }

  /// The planted bug: two transactions, of which the second may fail alone.
  private func commitApart(
    _ outputs: OutputBatch, _ positions: CommittedPositions, _ fault: CommitFault?
  ) -> CommitOutcome {
    let first = attempt(OutputBatch(), positions, nil)
    guard case .committed = first else { return first }
    return attempt(outputs, CommittedPositions(), fault)
  }

  private func attempt(
    _ outputs: OutputBatch, _ committed: CommittedPositions, _ fault: CommitFault?
  ) -> CommitOutcome {
    let transaction = cluster.begin(identity.transactionalID, epoch: epoch ?? 0, in: generation)
    var undelivered = fault == .undelivered ? host.chance.below(outputs.count) : -1
    for record in ordered(outputs) {
      // A record takes a call to deliver: the host may die between any two.
      guard goesOn() else { return .unknown(.hostIsDead) }
      guard isOpen(transaction) else { return tooLate() }
      undelivered -= 1
      if undelivered == -1 { continue }
      cluster.append(transaction, record.place, record.entry)
    }
    if fault == .undelivered, !cluster.defects.contains(.ignoresDeliveryReports) {
      return abort(transaction, "MSG_TIMED_OUT")
    }
    if !committed.positions.isEmpty {
      guard goesOn() else { return .unknown(.hostIsDead) }
      guard isOpen(transaction) else { return tooLate() }
      guard isAccepted() else { return abort(transaction, "ILLEGAL_GENERATION") }
      cluster.transactions[transaction].group = spec.name
      cluster.transactions[transaction].committed = committed
    }
    guard goesOn() else { return .unknown(.hostIsDead) }
    guard isOpen(transaction) else { return tooLate() }
    return end(transaction, fault)
  }

  private func isOpen(_ transaction: Int) -> Bool { cluster.transactions[transaction].state == .open }

  /// The transaction was ended by others: it timed out, or the producer was fenced.
  private func tooLate() -> CommitOutcome {
    if host.chance.percent(50) { return fail("PRODUCER_FENCED") }
    epoch = nil
    return .aborted(LogError(.abortable, code: "INVALID_TXN_STATE", "the transaction was aborted"))
  }

  /// Whether the group takes positions from this member.
  private func isAccepted() -> Bool {
    if cluster.defects.contains(.noGroupMetadata) { return true }
    guard let id, let group = cluster.group(named: spec.name), group.members.contains(id) else {
      return false
    }
    // Metadata that is read now is of the newest generation, since a member is told of each before it goes on.
    let generation = cluster.defects.contains(.staleGroupMetadata) ? joinedIn : group.generation
    return generation == group.generation
  }

  private func end(_ transaction: Int, _ fault: CommitFault?) -> CommitOutcome {
    switch fault {
    case nil, .undelivered:
      guard goesOn() else {
        // Nobody is left to hear of it.
        if host.chance.percent(50) { prepare(transaction) } else { cluster.decide(transaction, .committed) }
        return .unknown(.hostIsDead)
      }
      guard isOpen(transaction) else { return tooLate() }
      cluster.decide(transaction, .committed)
      return .committed
    case .aborted:
      return abort(transaction, "TRANSACTION_ABORTED")
    case .unknownOpen:
      epoch = nil
    case .unknownCommitted:
      cluster.decide(transaction, .committed)
      epoch = nil
    case .unknownPrepared:
      prepare(transaction)
      epoch = nil
    case .diesPrepared:
      prepare(transaction)
      host.kill()
    case .fatal:
      cluster.decide(transaction, .aborted)
      return fail("FATAL")
    case .fatalCommitted:
      cluster.decide(transaction, .committed)
      return fail("FATAL")
    }
    return .unknown(LogError(.abortable, code: "TIMED_OUT", "the commit was not answered"))
  }

  private func prepare(_ transaction: Int) {
    cluster.prepare(transaction, until: cluster.clock.now + Int64(host.chance.below(6_000)))
  }

  private func abort(_ transaction: Int, _ code: String) -> CommitOutcome {
    cluster.decide(transaction, .aborted)
    return .aborted(LogError(.abortable, code: code, "the transaction was aborted"))
  }

  private struct Output {
    var place: TopicPartition
    var entry: SimulatedPartition.Entry
  }

  /// Partition by partition, since they are delivered apart; each one's keep their order.
  private func ordered(_ outputs: OutputBatch) -> [Output] {
    var all: [Output] = []
    outputs.forEach { record in
      all.append(
        Output(
          place: TopicPartition(record.topic, record.partition),
          entry: SimulatedPartition.Entry(
            offset: 0, transaction: -1, timestamp: record.timestamp ?? cluster.clock.now,
            key: record.key.map(Array.init), value: record.value.map(Array.init),
            headers: record.headers.map(Header.init))))
    }
    let order = all.indices.sorted { (all[$0].place.order, $0) < (all[$1].place.order, $1) }
    return order.map { all[$0] }
  }
}
