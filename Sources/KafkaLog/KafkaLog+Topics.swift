import CRdKafka
import Contract
import EventLog

extension KafkaLog {
  public func createTopics(_ topics: [Topic], partitions: Int32) throws(LogError) {
    var missing: [Topic] = []
    var existing: [Topic] = []
    for topic in topics {
      if try query.partitionCount(of: topic, names: names) == nil {
        missing.append(topic)
      } else {
        existing.append(topic)
      }
    }
    // What exists is checked first, so that nothing is made next to what does not fit.
    try check(existing, have: partitions)
    try query.create(
      missing.map {
        NewTopic(name: names.name(of: $0), partitions: partitions, settings: $0.wantedSettings)
      })
    // Another program may have made some in between.
    try check(missing, have: partitions)
  }

  public func deleteTopics(_ topics: [Topic]) throws(LogError) {
    try query.delete(topics: topics.map(names.name(of:)))
  }

  public func deleteGroups(_ groups: [String]) throws(LogError) { try query.delete(groups: groups) }

  public func checkTopics(_ topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    let counts = try query.partitionCounts(of: topics, names: names)
    try checkSettings(topics) { [names, warn] topic, settings in
      topic.warning(about: settings).map { warn("topic \(names.name(of: topic)) \($0)") }
    }
    return counts
  }

  private func check(_ topics: [Topic], have partitions: Int32) throws(LogError) {
    for topic in topics {
      let found = try awaitPartitionCount(of: topic)
      guard found == partitions else {
        throw LogError(
          .unusable, code: "TOPIC_ALREADY_EXISTS",
          "topic \(names.name(of: topic)) exists with \(found) partitions, not \(partitions)")
      }
    }
    try checkSettings(topics)
  }

  /// Throws if a setting would make results wrong; `body` gets all settings of each topic.
  private func checkSettings(
    _ topics: [Topic], _ body: (_ topic: Topic, _ settings: [String: String]) -> Void = { _, _ in }
  ) throws(LogError) {
    let settings = try settings(of: topics)
    for topic in topics {
      let found = settings[names.name(of: topic)] ?? [:]
      if let objection = topic.objection(to: found) {
        throw LogError(.unusable, code: "INVALID_CONFIG", "topic \(names.name(of: topic)) \(objection)")
      }
      body(topic, found)
    }
  }

  /// A broker may not have heard yet of topics that another one has told of.
  private func settings(of topics: [Topic]) throws(LogError) -> [String: [String: String]] {
    let deadline = Deadline(in: 10_000)
    while true {
      do {
        return try query.settings(ofTopics: topics.map(names.name(of:)))
      } catch {
        guard error.code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.name, !deadline.hasPassed else {
          throw error
        }
        Deadline.pause()
      }
    }
  }

  /// The brokers' metadata lags behind the controller's answer, and one broker's behind another's.
  private func awaitPartitionCount(of topic: Topic) throws(LogError) -> Int32 {
    let deadline = Deadline.request
    while true {
      if let count = try query.partitionCount(of: topic, names: names) { return count }
      guard !deadline.hasPassed else {
        throw LogError(
          .retriable, code: RD_KAFKA_RESP_ERR__TIMED_OUT.name,
          "topic \(names.name(of: topic)) was made but does not appear")
      }
      Deadline.pause()
    }
  }
}
