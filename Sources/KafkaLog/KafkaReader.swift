import CRdKafka
import Contract
import EventLog

/// Reads all partitions of its topics, outside of any group. One thread owns it.
final class KafkaReader: LogReader {
  private let fetcher: PartitionFetcher
  private let query: Client
  private let names: TopicNames
  private let partitions: [TopicPartition]
  /// The partitions that are not read up to the end that was queried last, with those ends.
  private var awaited: Positions

  init(
    _ topics: [Topic], from start: ReadStart, configuration: Configuration, names: TopicNames, query: Client,
    log: @escaping @Sendable (String) -> Void
  ) throws(LogError) {
    self.query = query
    self.names = names
    let counts = try query.partitionCounts(of: topics, names: names)
    partitions = topics.flatMap { topic in (0..<(counts[topic] ?? 0)).map { TopicPartition(topic, $0) } }
    let ends = try query.offsets(.end, of: partitions, names: names)
    awaited = start == .beginning ? ends.filter { $0.value > 0 } : [:]
    let beginning = Int64(RD_KAFKA_OFFSET_BEGINNING)
    fetcher = try PartitionFetcher(
      start == .end
        ? ends : Positions(uniqueKeysWithValues: partitions.map { ($0, beginning) }),
      configuration: configuration, names: names, log: log)
  }

  func awaitEnd() throws(LogError) {
    awaited = try query.offsets(.end, of: partitions, names: names)
    forgetWhatIsRead()
  }

  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError) -> Bool {
    try fetcher.poll(timeout: timeout, body)
    if !awaited.isEmpty { forgetWhatIsRead() }
    return awaited.isEmpty
  }

  private func forgetWhatIsRead() {
    let positions = fetcher.positions
    awaited = awaited.filter { $0.value > max(0, positions[$0.key] ?? 0) }
  }
}
