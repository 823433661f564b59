import Contract
import EventLog

extension EventLog {
  /// Creates the topic `generations` if it does not exist, and returns its contents.
  package func makeGenerations(partitions: Int32) throws(LogError) -> Generations {
    do throws(LogError) {
      _ = try checkTopics([.generations])
    } catch {
      guard error.isMissingTopic else { throw error }
      try createTopics([.generations], partitions: partitions)
    }
    return try GenerationReader(self).generations
  }

  /// Ensures that this process and all others compute this log's generation with the same `definition`: records the definition
  /// before the first output is written, and throws a `GenerationRefusal` if another one is recorded.
  package func begin(_ definition: ResultDefinition, computedBy application: String) throws {
    let generations = try makeGenerations(partitions: Int32(definition.inputPartitions))
    try generations.check(generation, definition)
    if generations.record(of: generation)?.definition != nil { return }
    if generations.record(of: generation)?.state == .dropped {
      throw GenerationRefusal(description: "\(generation) was dropped")
    }
    if let topic = try topicWithResult(partitions: definition.outputPartitions) {
      // Another process may have recorded the definition meanwhile, and then written this.
      let known = try GenerationReader(self).generations
      guard known.record(of: generation)?.definition != nil else {
        throw GenerationRefusal(
          description:
            "\(topic.name(in: generation)) has a result, but topic \(Topic.generations.name) does not say "
            + "with which catalog and rules it was computed; use `recompute` to compute a new one")
      }
      return try known.check(generation, definition)
    }
    try describe(Generations.record(of: generation, application: application, definition))
    let known = try GenerationReader(self).generations
    do throws(GenerationRefusal) {
      try known.check(generation, definition)
    } catch {
      // Another process was first: its record must be the newest again.
      if let first = known.record(of: generation) { try describe(first) }
      throw error
    }
  }

  /// An output topic that has records; nil if there is none.
  private func topicWithResult(partitions: [UInt32]) throws(LogError) -> Topic? {
    for (topic, count) in zip(ResultDefinition.outputTopics, partitions) {
      let ends = try ends((0..<Int32(count)).map { TopicPartition(topic, $0) })
      if ends.values.contains(where: { $0 != 0 }) { return topic }
    }
    return nil
  }

  /// Writes the record of a generation. Returns when it is durable.
  package func describe(_ record: GenerationRecord) throws(LogError) {
    try write(record, key: String(record.number))
  }

  /// Makes `generation`, which `application` computes, the served one. Returns when that is durable.
  package func serve(_ generation: Generation, computedBy application: String) throws(LogError) {
    var record = GenerationRecord()
    record.number = generation.number
    record.state = .kept
    record.application = application
    try write(record, key: GenerationRecord.servedKey)
  }

  private func write(_ record: GenerationRecord, key: String) throws(LogError) {
    let count = try partitionCounts(of: [.generations])[.generations] ?? 1
    let writer = try writer()
    let value = record.protobuf
    let outcome = Array(key.utf8).withUnsafeBytes { key in
      value.withUnsafeBytes { value in
        Result { () throws(LogError) in
          try writer.append(
            .generations, partition: partition(ofKey: key, count: count), key: key, value: value,
            timestamp: nil)
        }
      }
    }
    try outcome.get()
    try writer.flush()
  }
}
