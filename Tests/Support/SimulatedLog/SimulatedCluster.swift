import Contract
import EventLog
import Randomness

/// The brokers: what is in the log, who is in which group, which transactions are open. One thread owns it and all that
/// it is used through.
package final class SimulatedCluster {
  package let clock: VirtualClock
  package let partitionCount: Int32
  package var defects: LogDefects = []
  /// Whether every rebalance takes all tasks from all members, as with an eager protocol.
  package var isEager = false
  /// Whether it tells new members which tasks they may get.
  package var foretellsTasks = false
  package var trace = Trace()
  /// What must never happen and did.
  package private(set) var violations: [String] = []

  package var largestRecord = 1_000_000
  package var sessionTimeout: Int64 = 3_000
  package var transactionTimeout: Int64 = 5_000

  private var partitions: [SimulatedPartition]
  var transactions: [SimulatedTransaction] = []
  /// The newest epoch by transactional id.
  private var epochs: [String: Int] = [:]
  private var groups: [(name: String, group: SimulatedGroup)] = []
  private var nextMember = 0
  private var chance = SplitMix64(seed: 0)

  /// Topics of so many generations are there from the start.
  package init(clock: VirtualClock, partitions: Int32, generations: Int = 1) {
    self.clock = clock
    partitionCount = partitions
    self.partitions = Array(
      repeating: SimulatedPartition(), count: generations * Topic.allCases.count * Int(partitions))
  }

  package func complain(_ what: String) { violations.append(what) }

  subscript(partition: TopicPartition, generation: Generation) -> SimulatedPartition {
    get { partitions[index(of: partition, generation)] }
    _modify { yield &partitions[index(of: partition, generation)] }
  }

  /// All generations share what is no output.
  private func index(of partition: TopicPartition, _ generation: Generation) -> Int {
    let earlier = Topic.ofGeneration.contains(partition.topic) ? Int(generation.number) - 1 : 0
    return (earlier * Topic.allCases.count + Int(partition.topic.rawValue)) * Int(partitionCount)
      + Int(partition.partition)
  }

  // MARK: Records

  /// Appends a record outside of any transaction; returns its offset.
  @discardableResult
  package func append(
    _ partition: TopicPartition, key: [UInt8]?, value: [UInt8]?, timestamp: Int64?, headers: [Header] = []
  ) -> Int64 {
    self[partition, .first].append(
      .init(offset: 0, transaction: -1, timestamp: timestamp, key: key, value: value, headers: headers))
    return self[partition, .first].end - 1
  }

  /// How far a group of a generation is in a partition, for people.
  package func standing(of name: String, in partition: TopicPartition, _ generation: Generation) -> String {
    let group = group(named: name)
    let log = self[partition, generation]
    let owner = group?.owner[Int(partition.partition)].map { "member \($0)" } ?? "nobody"
    return
      "\(partition) of \(generation) is committed to \(group?.committed.positions[partition] ?? 0) of \(log.stableEnd) "
      + "(\(log.end) with what is undecided) and is \(owner)'s of \(group?.members ?? [])"
  }

  package func end(of partition: TopicPartition, in generation: Generation = .first) -> Int64 {
    self[partition, generation].end
  }

  package func deleteRecords(
    of partition: TopicPartition, in generation: Generation = .first, before offset: Int64
  ) {
    self[partition, generation].deleteRecords(before: offset)
  }

  /// Deletes a topic with all that is in it, and makes it anew.
  package func recreate(_ topic: Topic, in generation: Generation) {
    for number in 0..<partitionCount {
      self[TopicPartition(topic, number), generation] = SimulatedPartition()
    }
  }

  /// Whether a reader that wants committed records is to see this one, which lies before the stable end.
  func isVisible(_ entry: SimulatedPartition.Entry, isolated: Bool) -> Bool {
    if entry.isMarker { return false }
    return !isolated || entry.transaction < 0 || transactions[entry.transaction].state == .committed
  }

  /// Drops some older records of keys of a compacted topic; of those that `group` reads, none that a rebuild of what
  /// is committed needs.
  package func compact(
    _ partition: TopicPartition, in generation: Generation = .first, readBy group: String, seed: UInt64
  ) {
    var chance = SplitMix64(seed: seed)
    let log = self[partition, generation]
    var limit = log.stableEnd
    if partition.topic.keepsOlderRecords, !defects.contains(.compactsPastGroup) {
      limit = min(limit, self.group(named: group)?.committed.positions[partition] ?? 0)
    }
    var newest: [[UInt8]?: Int64] = [:]
    for entry in log.entries where entry.offset < limit && isVisible(entry, isolated: true) {
      newest[entry.key] = entry.offset
    }
    let dropsTombstones = defects.contains(.dropsTombstones)
    self[partition, generation].compact { _, entry in
      guard entry.offset < limit, isVisible(entry, isolated: true), let last = newest[entry.key],
        chance.percent(80)
      else { return false }
      return entry.offset < last || (dropsTombstones && entry.value == nil)
    }
  }

  // MARK: Transactions

  /// Starts a producer: fences the former one with the same id, and ends the transaction that it left open.
  func startProducer(_ id: String) -> Int {
    let epoch = (epochs[id] ?? 0) + 1
    epochs[id] = epoch
    if !defects.contains(.noFencing) {
      for number in transactions.indices where transactions[number].producer == id {
        switch transactions[number].state {
        case .open: decide(number, .aborted)
        case .prepared: decide(number, .committed)
        case .committed, .aborted: break
        }
      }
    }
    return epoch
  }

  func isFenced(_ id: String, epoch: Int) -> Bool { epochs[id] != epoch && !defects.contains(.noFencing) }

  func begin(_ producer: String, epoch: Int, in generation: Generation) -> Int {
    transactions.append(
      SimulatedTransaction(
        producer: producer, epoch: epoch, generation: generation, endsAt: clock.now + transactionTimeout))
    return transactions.count - 1
  }

  func append(_ transaction: Int, _ partition: TopicPartition, _ entry: SimulatedPartition.Entry) {
    transactions[transaction].touched.insert(partition)
    var entry = entry
    entry.transaction = transaction
    self[partition, transactions[transaction].generation].append(entry)
  }

  func prepare(_ transaction: Int, until end: Int64) {
    guard transactions[transaction].state == .open else { return }
    transactions[transaction].state = .prepared
    transactions[transaction].endsAt = end
  }

  func decide(_ number: Int, _ state: SimulatedTransaction.State) {
    let transaction = transactions[number]
    guard transaction.state == .open || transaction.state == .prepared else { return }
    if state == .committed, transaction.state == .open, epochs[transaction.producer] != transaction.epoch {
      complain("\(transaction.producer) committed in epoch \(transaction.epoch), and a newer one has begun")
    }
    transactions[number].state = state
    trace.note(state == .committed ? 1 : 2)
    for partition in transaction.touched.sorted(by: { $0.order < $1.order }) {
      self[partition, transaction.generation].decide(number)
    }
    guard state == .committed, let index = groups.firstIndex(where: { $0.name == transaction.group }) else {
      return
    }
    for (partition, position) in transaction.committed.positions.sorted(by: { $0.key.order < $1.key.order }) {
      let before = groups[index].group.committed.positions[partition] ?? 0
      if position < before {
        complain("\(transaction.group) went back from \(before) to \(position) in \(partition)")
      }
      groups[index].group.committed.positions[partition] = position
      groups[index].group.committed.notes[partition] = transaction.committed.notes[partition]
      trace.note(position)
    }
  }

  /// Whether newer positions of `group` for one of these partitions may yet become its committed ones.
  func hasPendingPositions(_ wanted: [TopicPartition], of group: String) -> Bool {
    transactions.contains { transaction in
      (transaction.state == .open || transaction.state == .prepared) && transaction.group == group
        && wanted.contains { transaction.committed.positions[$0] != nil }
    }
  }

  /// Does what is due by now.
  func catchUp() {
    for number in transactions.indices where transactions[number].endsAt <= clock.now {
      switch transactions[number].state {
      case .open: decide(number, .aborted)
      case .prepared: decide(number, .committed)
      case .committed, .aborted: break
      }
    }
    for index in groups.indices {
      for id in groups[index].group.silent(since: clock.now - sessionTimeout) {
        groups[index].group.leave(id, &chance)
      }
    }
  }

  // MARK: Groups

  package func rebalance(_ name: String, seed: UInt64) {
    chance = SplitMix64(seed: seed)
    withGroup(named: name) { $0.rebalance(&chance) }
  }

  func newMember() -> Int {
    nextMember += 1
    return nextMember
  }

  func join(_ id: Int, _ name: String, _ seed: inout SplitMix64) {
    withGroup(named: name) { $0.join(id, now: clock.now, &seed) }
  }

  func leave(_ id: Int, _ name: String) { withGroup(named: name) { $0.leave(id, &chance) } }

  func group(named name: String) -> SimulatedGroup? { groups.first { $0.name == name }?.group }

  package func committed(of name: String) -> CommittedPositions {
    group(named: name)?.committed ?? CommittedPositions()
  }

  @discardableResult
  func withGroup<Result>(named name: String, _ body: (inout SimulatedGroup) -> Result) -> Result {
    if let index = groups.firstIndex(where: { $0.name == name }) { return body(&groups[index].group) }
    groups.append((name, SimulatedGroup(tasks: partitionCount)))
    return body(&groups[groups.count - 1].group)
  }
}

/// A transaction as its coordinator sees it.
struct SimulatedTransaction {
  enum State { case open, prepared, committed, aborted }

  var producer: String
  var epoch: Int
  /// Whose outputs it writes.
  var generation: Generation
  var state = State.open
  /// When it is aborted for being open, or committed for being prepared.
  var endsAt: Int64
  var touched: Set<TopicPartition> = []
  var group = ""
  var committed = CommittedPositions()
}

extension TopicPartition {
  /// For orders that do not depend on hashes.
  package var order: Int { Int(topic.rawValue) << 32 | Int(partition) }
}
