import Contract
import EventLog
import Randomness

/// A consumer in a group with its transactional producer.
final class SimulatedMember: GroupMember {
  let cluster: SimulatedCluster
  let host: Host
  let spec: GroupSpec
  let identity: MemberIdentity
  /// Whose outputs it reads and writes.
  let generation: Generation
  /// Nil while the former one's last transaction is not known to be over.
  var epoch: Int?
  /// After a fatal error no commit is tried any more.
  var fatal: LogError?
  /// Whether polls tell of the fatal error too.
  var fatalStopsPolls = false
  /// The id in the group; nil while it is in none.
  var id: Int?
  /// The generation in which it joined, and the one that it last heard of.
  var joinedIn = 0
  private var heardOf = 0
  private var tasks: Set<Int32> = []
  private var fetcher: SimulatedFetcher
  private var wasEverAssigned = false
  private var isClosed = false

  init(
    _ cluster: SimulatedCluster, _ host: Host, _ spec: GroupSpec, _ identity: MemberIdentity,
    _ generation: Generation
  ) {
    self.cluster = cluster
    self.host = host
    self.spec = spec
    self.identity = identity
    self.generation = generation
    fetcher = SimulatedFetcher(cluster, generation)
    epoch = cluster.startProducer(identity.transactionalID)
  }

  func poll(timeout: Int32, _ listener: any GroupListener) throws(LogError) {
    guard host.call() else { throw .hostIsDead }
    // A client that reaches no broker just hears nothing.
    if cluster.clock.now < host.isCutOffUntil { return }
    cluster.catchUp()
    if let fatal, fatalStopsPolls { throw fatal }
    if host.chance.percent(host.failingPolls) {
      throw LogError(.retriable, code: "TRANSPORT", "a poll that failed")
    }
    if let id, cluster.group(named: spec.name)?.members.contains(id) != true { loseAll(listener) }
    guard let id else {
      if host.chance.percent(60) { join() }
      return
    }
    cluster.withGroup(named: spec.name) { $0.hear(id, now: cluster.clock.now) }
    let hasChanged = try rebalance(id, listener)
    if hasChanged, host.chance.percent(50) { return }
    let (batch, ends) = try fetcher.fetch(&host.chance)
    batch.handOut { records in
      for record in records {
        cluster.trace.note(record.topicPartition.order)
        cluster.trace.note(record.offset)
      }
      listener.received(records)
    }
    for (partition, end) in ends where fetcher.stands(partition, at: end) {
      listener.reachedEnd(of: partition, at: end)
    }
    if host.chance.percent(host.failingPolls) {
      throw LogError(.retriable, code: "TRANSPORT", "a poll that failed late")
    }
  }

  private func join() {
    let id = cluster.newMember()
    cluster.join(id, spec.name, &host.chance)
    self.id = id
    joinedIn = cluster.group(named: spec.name)?.generation ?? 0
  }

  /// It was thrown out. It may be in the group again before it says so.
  private func loseAll(_ listener: any GroupListener) {
    id = nil
    if host.chance.percent(50) { join() }
    let lost = tasks.sorted()
    tasks = []
    fetcher.removeAll { _ in true }
    cluster.trace.note(3)
    if !lost.isEmpty { listener.lost(lost) }
  }

  /// Gives up what others are to have, then takes what is free for this member; false if nothing changes.
  private func rebalance(_ id: Int, _ listener: any GroupListener) throws(LogError) -> Bool {
    let generation = cluster.group(named: spec.name)?.generation ?? 0
    let takesAll = cluster.isEager && generation != heardOf
    heardOf = generation
    let revoked = takesAll ? tasks.sorted() : cluster.group(named: spec.name)?.toRevoke(from: id) ?? []
    if !revoked.isEmpty {
      cluster.trace.note(4)
      listener.revoked(revoked)
      drop(revoked, id)
    }
    let assigned = cluster.withGroup(named: spec.name) { $0.take(by: id) }
    guard !assigned.isEmpty else { return !revoked.isEmpty }
    cluster.trace.note(5)
    wasEverAssigned = true
    tasks.formUnion(assigned)
    do throws(LogError) {
      try read(from: try listener.assigned(assigned))
    } catch {
      // They come anew with the next poll, or go to another member.
      drop(assigned, id)
      throw error
    }
    return true
  }

  private func drop(_ dropped: [Int32], _ id: Int) {
    tasks.subtract(dropped)
    fetcher.removeAll { dropped.contains($0.partition) }
    cluster.withGroup(named: spec.name) { $0.release(dropped, by: id) }
  }

  var isInGroup: Bool { id.map { cluster.group(named: spec.name)?.members.contains($0) == true } ?? false }

  func committed(_ partitions: [TopicPartition]) throws(LogError) -> CommittedPositions {
    try reach()
    // Ends a transaction whose outcome was not known.
    if fatal == nil, epoch == nil { epoch = cluster.startProducer(identity.transactionalID) }
    guard
      cluster.defects.contains(.readsUnstablePositions)
        || !cluster.hasPendingPositions(partitions, of: spec.name)
    else { throw LogError(.retriable, code: "UNSTABLE_OFFSET_COMMIT", "a transaction is not decided yet") }
    let committed = cluster.committed(of: spec.name)
    return CommittedPositions(
      positions: committed.positions.filter { partitions.contains($0.key) },
      notes: committed.notes.filter { partitions.contains($0.key) })
  }

  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try reach()
    if cluster.defects.contains(.hidesMissingHistory) { return [:] }
    return Positions(uniqueKeysWithValues: partitions.map { ($0, cluster[$0, generation].beginning) })
  }

  func read(from positions: Positions) throws(LogError) {
    for (partition, offset) in positions.sorted(by: { $0.key.order < $1.key.order }) {
      guard spec.topics.contains(partition.topic), tasks.contains(partition.partition) else {
        throw LogError(.abortable, code: "NOT_ASSIGNED", "\(partition) is of no task of this member")
      }
      fetcher.read(partition, from: offset)
    }
  }

  /// Throws if the host is dead or cut off.
  private func reach() throws(LogError) {
    guard host.call() else { throw .hostIsDead }
    guard cluster.clock.now >= host.isCutOffUntil else { throw .cutOff }
    cluster.catchUp()
  }

  func close(_ listener: any GroupListener) {
    guard !isClosed else { return }
    isClosed = true
    guard host.call() else { return }
    if cluster.defects.contains(.closeNeedsAssignment), !wasEverAssigned {
      cluster.complain("the close of a member that was never assigned anything does not return")
    }
    let isMember = isInGroup
    let last = tasks.sorted()
    if !last.isEmpty {
      if isMember { listener.revoked(last) } else { listener.lost(last) }
      tasks = []
    }
    // One that is cut off leaves when its session ends.
    if let id, isMember, cluster.clock.now >= host.isCutOffUntil { cluster.leave(id, spec.name) }
  }
}
