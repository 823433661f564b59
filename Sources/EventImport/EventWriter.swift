import Contract
import EventLog

/// Writes events to the input topics of a log, each to the partition of its key.
package struct EventWriter {
  private let writer: any LogWriter
  /// The partition count by `Topic.rawValue`; zero for topics that are not inputs.
  private let partitions: [Int32]

  /// Throws if an input topic is missing or has wrong settings. `refused` is as for `EventLog.writer`.
  package init(_ log: any EventLog, refused: RefusalHandler? = nil) throws(LogError) {
    let counts = try log.checkTopics(Topic.inputs)
    var partitions = [Int32](repeating: 0, count: 1 + Int(Topic.allCases.map(\.rawValue).max() ?? 0))
    for (topic, count) in counts { partitions[Int(topic.rawValue)] = count }
    self.partitions = partitions
    writer = try log.writer(refused: refused)
  }

  /// Appends an event. `timestamp` is in milliseconds since 1970 UTC; nil means now. `tag` is as for `LogWriter.append`.
  package func append(
    _ topic: Topic, key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, timestamp: Int64?,
    tag: Int = 0
  ) throws(LogError) {
    let partition = partition(ofKey: key, count: max(1, partitions[Int(topic.rawValue)]))
    try writer.append(topic, partition: partition, key: key, value: value, timestamp: timestamp, tag: tag)
  }

  /// Returns when all appended events are durable.
  package func flush() throws(LogError) { try writer.flush() }
}
