import Contract

/// A log that forwards the methods that it does not implement to another log.
public protocol ForwardingLog: EventLog {
  var log: any EventLog { get }
}

extension ForwardingLog {
  public func identity() throws(LogError) -> String { try log.identity() }

  public var generation: Generation { log.generation }

  public var keepsCheckpoints: Bool { log.keepsCheckpoints }

  public var transactionRoom: OutputRoom { log.transactionRoom }

  public func createTopics(
    _ topics: [Topic], partitions: Int32, retention: Int64?
  ) throws(LogError) {
    try log.createTopics(topics, partitions: partitions, retention: retention)
  }

  public func deleteTopics(_ topics: [Topic]) throws(LogError) { try log.deleteTopics(topics) }

  public func deleteGroups(_ groups: [String]) throws(LogError) { try log.deleteGroups(groups) }

  public func partitionCounts(of topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    try log.partitionCounts(of: topics)
  }

  public func checkTopics(_ topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    try log.checkTopics(topics)
  }

  public func largestRecord(of topic: Topic) throws(LogError) -> Int { try log.largestRecord(of: topic) }

  public func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    try log.join(group, as: identity)
  }

  public func committed(_ partitions: [TopicPartition], of group: String) throws(LogError) -> Positions {
    try log.committed(partitions, of: group)
  }

  public func notes(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> [TopicPartition: String] { try log.notes(partitions, of: group) }

  public func ends(_ partitions: [TopicPartition]) throws(LogError) -> Positions { try log.ends(partitions) }

  public func visibleEnds(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try log.visibleEnds(partitions)
  }

  public func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try log.beginnings(partitions)
  }

  public func reader(_ topics: [Topic], from start: ReadStart) throws(LogError) -> any LogReader {
    try log.reader(topics, from: start)
  }

  public func reader(from positions: Positions) throws(LogError) -> any PartitionReader {
    try log.reader(from: positions)
  }

  public func writer(refused: RefusalHandler?) throws(LogError) -> any LogWriter {
    try log.writer(refused: refused)
  }
}
