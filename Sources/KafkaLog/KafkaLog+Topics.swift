import CRdKafka
import Contract
import EventLog
import Synchronization

extension KafkaLog {
  package func createTopics(
    _ topics: [Topic], partitions: Int32, retention: Int64?
  ) throws(LogError) {
    var missing: [Topic] = []
    var existing: [Topic] = []
    for topic in topics {
      if try query.partitionCount(of: topic, names: names) == nil {
        missing.append(topic)
      } else {
        existing.append(topic)
      }
    }
    // Checks the existing topics first, so that nothing is created beside topics that do not fit.
    try check(existing, have: partitions, retention)
    try create(
      missing.map {
        NewTopic(
          name: names.name(of: $0), partitions: partitions, settings: $0.wantedSettings(retention: retention))
      }, orWithout: Topic.timeBound)
    // Another process may have created some in the meantime.
    try check(missing, have: partitions, retention)
  }

  /// Creates topics; if the brokers are too old to know the setting `name`, creates them without it, and warns.
  package func create(_ topics: [NewTopic], orWithout name: String) throws(LogError) {
    do {
      try query.create(topics)
    } catch {
      // "Unknown topic config name: …"
      guard error.code == RD_KAFKA_RESP_ERR_INVALID_CONFIG.name, error.message.contains(name) else {
        throw error
      }
      warn("these brokers do not support the setting \(name); the topics are created without it")
      // Those that were created already are left as they are.
      try query.create(
        topics.map { topic in
          var topic = topic
          topic.settings.removeAll { $0.name == name }
          return topic
        })
    }
  }

  package func deleteTopics(_ topics: [Topic]) throws(LogError) {
    try query.delete(topics: topics.map(names.name(of:)))
  }

  package func deleteGroups(_ groups: [String]) throws(LogError) {
    try query.delete(groups: groups.map { names.prefix + $0 })
  }

  package func partitionCounts(of topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    try query.partitionCounts(of: topics, names: names)
  }

  /// If it may not describe a topic, it warns and continues: the settings may be right, and are if `topics create` has
  /// created the topic.
  package func checkTopics(_ topics: [Topic]) throws(LogError) -> [Topic: Int32] {
    let counts = try partitionCounts(of: topics)
    let denied = try checkSettings(topics) { topic, settings in
      topic.warning(about: settings).map { warn("topic \(names.name(of: topic)) \($0)") }
      if Topic.ofGeneration.contains(topic) { limits.withLock { $0[topic] = TopicLimits(settings) } }
    }
    for topic in topics where Topic.ofGeneration.contains(topic) && denied.contains(names.name(of: topic)) {
      // With Kafka's defaults.
      limits.withLock { $0[topic] = TopicLimits() }
    }
    if !denied.isEmpty {
      warn(
        "the settings of \(denied.joined(separator: ", ")) could not be checked: DescribeConfigs on \(denied.count > 1 ? "them" : "it")"
          + " is denied; wrong settings would make results wrong")
    }
    return counts
  }

  package func largestRecord(of topic: Topic) throws(LogError) -> Int {
    let known = limits.withLock { $0[topic] }
    if let known { return known.largestRecord(configuration) }
    _ = try checkTopics([topic])
    return (limits.withLock { $0[topic] } ?? TopicLimits()).largestRecord(configuration)
  }

  private func check(_ topics: [Topic], have partitions: Int32, _ retention: Int64?) throws(LogError) {
    let counts = try onceKnown { () throws(LogError) in try query.partitionCounts(of: topics, names: names) }
    for topic in topics {
      if let found = counts[topic], found != partitions {
        throw LogError(
          .unusable, code: "TOPIC_ALREADY_EXISTS",
          "topic \(names.name(of: topic)) exists with \(found) partitions, not \(partitions)")
      }
    }
    var different: LogError?
    let denied = try checkSettings(topics) { topic, settings in
      guard let retention, let found = topic.retention(in: settings), found != String(retention) else {
        return
      }
      different = LogError(
        .unusable, code: "TOPIC_ALREADY_EXISTS",
        "topic \(names.name(of: topic)) exists with retention.ms \(found), not \(retention)")
    }
    if let different { throw different }
    if let denied = denied.first {
      throw LogError(
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
        "topic \(denied) exists, and its settings cannot be checked: DescribeConfigs on it is denied")
    }
  }

  /// Throws if a setting would make results wrong; `body` gets all settings of each topic. Returns the names of topics that
  /// could not be described.
  private func checkSettings(
    _ topics: [Topic], _ body: (_ topic: Topic, _ settings: [String: String]) -> Void = { _, _ in }
  ) throws(LogError) -> [String] {
    let (settings, denied) = try onceKnown { () throws(LogError) in
      try query.settings(ofTopics: topics.map(names.name(of:)))
    }
    for topic in topics where !denied.contains(names.name(of: topic)) {
      let found = settings[names.name(of: topic)] ?? [:]
      if let objection = topic.objection(to: found) {
        throw LogError(.unusable, code: "INVALID_CONFIG", "topic \(names.name(of: topic)) \(objection)")
      }
      body(topic, found)
    }
    return denied
  }

  /// Retries while a broker does not know yet topics that another broker has created.
  private func onceKnown<Answer>(_ ask: () throws(LogError) -> Answer) throws(LogError) -> Answer {
    let deadline = Deadline.request
    while true {
      do {
        return try ask()
      } catch {
        guard error.code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.name, !deadline.hasPassed else {
          throw error
        }
        Deadline.pause()
      }
    }
  }
}
