import Contract
import EventLog

extension EventLog {
  /// Makes topic `generations` if there is none; returns what it says.
  public func makeGenerations(partitions: Int32) throws(LogError) -> Generations {
    do throws(LogError) {
      _ = try checkTopics([.generations])
    } catch {
      guard error.isMissingTopic else { throw error }
      try createTopics([.generations], partitions: partitions)
    }
    return try GenerationReader(self).generations
  }

  /// Writes down what is known of a generation. Returns when it is durable.
  public func describe(_ record: GenerationRecord) throws(LogError) {
    try write(record, key: String(record.number))
  }

  /// From now on readers are to read `generation`, which `application` computes. Returns when it is durable.
  public func serve(_ generation: Generation, computedBy application: String) throws(LogError) {
    var record = GenerationRecord()
    record.number = generation.number
    record.state = .kept
    record.application = application
    try write(record, key: GenerationRecord.servedKey)
  }

  private func write(_ record: GenerationRecord, key: String) throws(LogError) {
    let count = try checkTopics([.generations])[.generations] ?? 1
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
