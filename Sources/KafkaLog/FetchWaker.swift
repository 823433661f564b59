import CRdKafka
import Contract

/// Keeps a reader that is slower than the broker from stalling: when librdkafka's queue is full its broker threads sleep,
/// and before 2.2 (`fetch.queue.backoff.ms`) they check only once a second whether there is room again. Any request wakes
/// them.
struct FetchWaker {
  /// A queue with fewer messages than this is not full.
  private static let least = 10_000

  /// The greatest queue length since the threads were last woken.
  private var peak = 0

  /// Whether to wake the threads, now that the queue has this length.
  mutating func shouldWake(length: Int) -> Bool {
    peak = max(peak, length)
    guard peak >= Self.least, length < peak / 4 else { return false }
    peak = length
    return true
  }
}

extension Client {
  /// Sends the leaders of `partitions` a request whose result is ignored. Waits for it, but only briefly.
  func wakeLeaders(of partitions: [TopicPartition], names: TopicNames) {
    let list = PartitionList(partitions, offset: LogOffset.beginning.time, names: names)
    _ = list.withHandle { rd_kafka_offsets_for_times(handle, $0, 20) }
  }
}
