import Contract
import EventLog
import Randomness

/// A log in memory, single-threaded, seeded, and as hostile as Kafka may be: a client of `SimulatedCluster` on one host.
///
/// Not really Sendable: it is owned by the one thread of its simulation.
package final class SimulatedLog: EventLog, @unchecked Sendable {
  let cluster: SimulatedCluster
  let host: Host
  package let generation: Generation
  package let keepsCheckpoints: Bool

  package init(
    _ cluster: SimulatedCluster, on host: Host, _ generation: Generation = .first,
    keepsCheckpoints: Bool = true
  ) {
    self.cluster = cluster
    self.host = host
    self.generation = generation
    self.keepsCheckpoints = keepsCheckpoints
  }

  package func identity() throws(LogError) -> String { "simulated" }

  package func createTopics(
    _ topics: [Topic], partitions: Int32, retention: Int64?
  ) throws(LogError) {
    guard partitions == cluster.partitionCount else {
      throw LogError(.unusable, code: "PARTITIONS", "all topics have \(cluster.partitionCount) partitions")
    }
  }

  package func deleteTopics(_ topics: [Topic]) throws(LogError) { throw .notSimulated }

  package func deleteGroups(_ groups: [String]) throws(LogError) { throw .notSimulated }

  package func partitionCounts(of topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    try checkTopics(topics)
  }

  package func checkTopics(_ topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    Dictionary(uniqueKeysWithValues: topics.map { ($0, cluster.partitionCount) })
  }

  package func largestRecord(of topic: Topic) throws(LogError) -> Int { cluster.largestRecord }

  package func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    try reach()
    return SimulatedMember(cluster, host, group, identity, generation)
  }

  /// Some of them, be they expected or not.
  package func expectedTasks(
    of group: GroupSpec, as identity: MemberIdentity, joining: (number: Int, of: Int)
  ) throws(LogError) -> [Int32] {
    guard cluster.foretellsTasks else { return [] }
    try reach()
    var chance = SplitMix64(seed: UInt64(cluster.clock.now))
    return (0..<cluster.partitionCount).filter { _ in chance.percent(60) }
  }

  package func committed(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> Positions {
    try reach()
    return cluster.committed(of: group).positions.filter { partitions.contains($0.key) }
  }

  package func notes(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> [TopicPartition: String] {
    try reach()
    return cluster.committed(of: group).notes.filter { partitions.contains($0.key) }
  }

  package func ends(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try reach()
    return Positions(uniqueKeysWithValues: partitions.map { ($0, cluster.end(of: $0, in: generation)) })
  }

  package func visibleEnds(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try reach()
    cluster.catchUp()
    let hidesOpen = cluster.defects.contains(.hidesOpenTransactions)
    return Positions(
      uniqueKeysWithValues: partitions.map {
        ($0, hidesOpen ? cluster[$0, generation].end : cluster[$0, generation].stableEnd)
      })
  }

  package func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try reach()
    return Positions(uniqueKeysWithValues: partitions.map { ($0, cluster[$0, generation].beginning) })
  }

  package func reader(_ topics: [Topic], from start: ReadStart) throws(LogError) -> any LogReader {
    try reach()
    return SimulatedReader(cluster, topics, generation, start)
  }

  package func reader(from positions: Positions) throws(LogError) -> any PartitionReader {
    try reach()
    return SimulatedPartitionReader(self, positions)
  }

  package func writer(refused: RefusalHandler?) throws(LogError) -> any LogWriter {
    SimulatedWriter(cluster)
  }

  /// Throws if the host is dead or cut off.
  fileprivate func reach() throws(LogError) {
    guard host.call() else { throw .hostIsDead }
    guard cluster.clock.now >= host.isCutOffUntil else { throw .cutOff }
  }
}

extension LogError {
  static let notSimulated = LogError(.unusable, code: "NOT_SIMULATED", "nothing is deleted in a simulation")
  static let hostIsDead = LogError(.fatal, code: "DEAD", "this host is dead")
  static let cutOff = LogError(.retriable, code: "CUT_OFF", "no broker can be reached")
}

/// Reads all partitions of its topics, each whole in turn.
private final class SimulatedReader: LogReader {
  private let cluster: SimulatedCluster
  private let generation: Generation
  private let partitions: [TopicPartition]
  private var positions: [Int64]
  private var ends: [Int64]

  init(_ cluster: SimulatedCluster, _ topics: [Topic], _ generation: Generation, _ start: ReadStart) {
    self.cluster = cluster
    self.generation = generation
    partitions = topics.flatMap { topic in
      (0..<cluster.partitionCount).map { TopicPartition(topic, $0) }
    }
    ends = partitions.map { cluster[$0, generation].end }
    positions =
      switch start {
      case .beginning: partitions.map { cluster[$0, generation].beginning }
      case .end: ends
      }
  }

  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError) -> Bool {
    cluster.catchUp()
    let isolated = !cluster.defects.contains(.readersReadUncommitted)
    var batch = SimulatedBatch()
    for (index, partition) in partitions.enumerated() {
      let log = cluster[partition, generation]
      let end = isolated ? log.stableEnd : log.end
      for entry in log.entries[log.index(from: positions[index])...] {
        guard entry.offset < end else { break }
        if cluster.isVisible(entry, isolated: isolated) { batch.append(entry, partition) }
      }
      positions[index] = max(positions[index], end)
    }
    batch.handOut(body)
    return zip(positions, ends).allSatisfy { $0 >= $1 }
  }

  func awaitEnd() throws(LogError) { ends = partitions.map { cluster[$0, generation].end } }
}

/// Reads some partitions as a member does: some records of each at a time, and some again.
private final class SimulatedPartitionReader: PartitionReader {
  private let log: SimulatedLog
  private var fetcher: SimulatedFetcher

  init(_ log: SimulatedLog, _ positions: Positions) {
    self.log = log
    fetcher = SimulatedFetcher(log.cluster, log.generation)
    for (partition, offset) in positions.sorted(by: { $0.key.order < $1.key.order }) {
      fetcher.read(partition, from: offset)
    }
  }

  var positions: Positions { fetcher.positions }

  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError) {
    try log.reach()
    log.cluster.catchUp()
    if log.host.chance.percent(log.host.failingPolls) {
      throw LogError(.retriable, code: "TRANSPORT", "a poll that failed")
    }
    try fetcher.fetch(&log.host.chance).0.handOut(body)
  }
}

private final class SimulatedWriter: LogWriter {
  private let cluster: SimulatedCluster

  init(_ cluster: SimulatedCluster) { self.cluster = cluster }

  func append(
    _ topic: Topic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestamp: Int64?, headers: RecordHeaders, tag: Int
  ) throws(LogError) {
    cluster.append(
      TopicPartition(topic, partition), key: key.map(Array.init), value: value.map(Array.init),
      timestamp: timestamp ?? cluster.clock.now, headers: headers.map(Header.init))
  }

  func flush() throws(LogError) {}
}
