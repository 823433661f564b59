import Contract
import EventLog
import Synchronization
import Testing

/// Who owns which task, over all members of a test.
final class Ownership: Sendable {
  struct State {
    var owners: [Int32: String] = [:]
    var conflicts: [String] = []
    var rebalances = 0
    var lost = 0
    var failedCommits: [String] = []
  }
  let state = Mutex(State())
}

/// A stage that copies each record to the same partition of another topic, exactly once.
final class Copier: GroupListener {
  private let name: String
  private let member: any GroupMember
  private let ownership: Ownership
  private let source: Topic
  private let target: Topic
  private var pending = OutputBatch()
  private var positions: Positions = [:]
  private var mustRewind = false

  init(_ name: String, _ member: any GroupMember, from source: Topic, to target: Topic, ownership: Ownership)
  {
    (self.name, self.member, self.source, self.target, self.ownership) = (
      name, member, source, target, ownership
    )
  }

  func run(until stop: Flag) throws {
    while !stop.isRaised {
      try member.poll(timeout: 10, self)
      commit()
      if mustRewind { try rewind() }
    }
    member.close(self)
  }

  private func commit() {
    let batch = pending
    let upTo = positions
    pending.removeAll()
    positions = [:]
    guard !upTo.isEmpty else { return }
    let outcome = member.commit(batch, positions: upTo)
    guard !outcome.isCommitted else { return }
    ownership.state.withLock { $0.failedCommits.append("\(name): \(outcome)") }
    mustRewind = true
  }

  private func rewind() throws {
    mustRewind = false
    let mine = ownership.state.withLock { state in state.owners.filter { $0.value == name }.map(\.key) }
    try member.read(from: start(of: mine))
  }

  private func start(of tasks: [Int32]) throws(LogError) -> Positions {
    let partitions = tasks.map { TopicPartition(source, $0) }
    var from = try member.committed(partitions).positions
    for partition in partitions where from[partition] == nil { from[partition] = 0 }
    return from
  }

  func assigned(_ tasks: [Int32]) throws(LogError) -> Positions {
    ownership.state.withLock { state in
      state.rebalances += 1
      for task in tasks {
        if let other = state.owners[task] { state.conflicts.append("\(task): \(other) and \(name)") }
        state.owners[task] = name
      }
    }
    return try start(of: tasks)
  }

  func revoked(_ tasks: [Int32]) {
    commit()
    release(tasks)
  }

  func lost(_ tasks: [Int32]) {
    ownership.state.withLock { $0.lost += tasks.count }
    pending.removeAll()
    positions = [:]
    mustRewind = true
    release(tasks)
  }

  private func release(_ tasks: [Int32]) {
    ownership.state.withLock { state in
      for task in tasks where state.owners[task] == name { state.owners[task] = nil }
    }
  }

  func received(_ records: UnsafeBufferPointer<Record>) {
    for record in records {
      pending.append(
        target, partition: record.partition, key: record.key ?? .init(start: nil, count: 0),
        value: record.value)
      positions[record.topicPartition] = record.offset + 1
    }
  }

  func reachedEnd(of partition: TopicPartition, at offset: Int64) {}
}
