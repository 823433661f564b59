import Contract

/// A log that forwards the methods that it does not implement to another log.
package protocol ForwardingLog: EventLog {
  var log: any EventLog { get }
}

extension ForwardingLog {
  package func identity() throws(LogError) -> String { try log.identity() }

  package var generation: Generation { log.generation }

  package var keepsCheckpoints: Bool { log.keepsCheckpoints }

  package var transactionRoom: OutputRoom { log.transactionRoom }

  package func createTopics(
    _ topics: [Topic], partitions: Int32, retention: Int64?
  ) throws(LogError) {
    try log.createTopics(topics, partitions: partitions, retention: retention)
  }

  package func deleteTopics(_ topics: [Topic]) throws(LogError) { try log.deleteTopics(topics) }

  package func deleteGroups(_ groups: [String]) throws(LogError) { try log.deleteGroups(groups) }

  package func partitionCounts(of topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    try log.partitionCounts(of: topics)
  }

  package func checkTopics(_ topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    try log.checkTopics(topics)
  }

  package func largestRecord(of topic: Topic) throws(LogError) -> Int { try log.largestRecord(of: topic) }

  package func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    try log.join(group, as: identity)
  }

  package func expectedTasks(
    of group: GroupSpec, as identity: MemberIdentity, joining: (number: Int, of: Int)
  ) throws(LogError) -> [Int32] { try log.expectedTasks(of: group, as: identity, joining: joining) }

  package func committed(_ partitions: [TopicPartition], of group: String) throws(LogError) -> Positions {
    try log.committed(partitions, of: group)
  }

  package func notes(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> [TopicPartition: String] { try log.notes(partitions, of: group) }

  package func ends(_ partitions: [TopicPartition]) throws(LogError) -> Positions { try log.ends(partitions) }

  package func visibleEnds(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try log.visibleEnds(partitions)
  }

  package func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try log.beginnings(partitions)
  }

  package func reader(_ topics: [Topic], from start: ReadStart) throws(LogError) -> any LogReader {
    try log.reader(topics, from: start)
  }

  package func reader(from positions: Positions) throws(LogError) -> any PartitionReader {
    try log.reader(from: positions)
  }

  package func writer(refused: RefusalHandler?) throws(LogError) -> any LogWriter {
    try log.writer(refused: refused)
  }
}
