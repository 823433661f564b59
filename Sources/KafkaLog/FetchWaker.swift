import CRdKafka
import Contract

/// Keeps a reader that is slower than the broker from waiting: when librdkafka's queue is full its broker threads sleep, and
/// before 2.2 (`fetch.queue.backoff.ms`) they look only once a second whether there is room again. Any request wakes them.
struct FetchWaker {
  /// Fewer messages than this are no full queue.
  private static let least = 10_000

  /// The longest that the queue has been since the threads were woken.
  private var peak = 0

  /// Whether to wake the threads now that the queue is this long.
  mutating func shouldWake(length: Int) -> Bool {
    peak = max(peak, length)
    guard peak >= Self.least, length < peak / 4 else { return false }
    peak = length
    return true
  }
}

extension Client {
  /// Asks the leaders of `partitions` for something, and does not care for the answer. Waits for it, but not for long.
  func wakeLeaders(of partitions: [TopicPartition], names: TopicNames) {
    let list = PartitionList(partitions, offset: LogOffset.beginning.time, names: names)
    _ = list.withHandle { rd_kafka_offsets_for_times(handle, $0, 20) }
  }
}
