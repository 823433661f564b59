import CPrefetch
import CRdKafka
import Contract
import EventLog

/// The messages of one batch call, in an array that is reused. They are valid until `clear`.
final class MessageBatch {
  private let messages: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>
  private let capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    messages = .allocate(capacity: capacity)
    messages.initialize(repeating: nil, count: capacity)
  }

  deinit {
    clear()
    messages.deallocate()
  }

  /// Takes the messages that are in the queue; if there are none, waits up to `timeout` milliseconds for one.
  ///
  /// librdkafka's batch call would wait for a full array, so this waits for a single message. `keepGoing` says whether to
  /// continue after the wait (if a rebalance has happened meanwhile, the rest is worthless).
  func fill(from queue: OpaquePointer, timeout: Int32, keepGoing: () -> Bool = { true }) throws(LogError) {
    clear()
    try take(from: queue, timeout: 0, atMost: capacity)
    guard count == 0, timeout > 0, keepGoing() else { return }
    try take(from: queue, timeout: timeout, atMost: 1)
    guard count == 1, keepGoing() else { return }
    try take(from: queue, timeout: 0, atMost: capacity - 1)
  }

  func clear() {
    for index in 0..<count { rd_kafka_message_destroy(messages[index]) }
    count = 0
  }

  /// Calls `body` with each message, which another thread has filled: it is prefetched.
  @inline(__always)
  func forEach(_ body: (UnsafeMutablePointer<rd_kafka_message_t>) -> Void) {
    let (messages, count) = (messages, count)
    for index in 0..<count {
      if index + 8 < count { CPrefetch.prefetch(messages[index + 8]) }
      if let message = messages[index] { body(message) }
    }
  }

  private func take(from queue: OpaquePointer, timeout: Int32, atMost: Int) throws(LogError) {
    let taken = rd_kafka_consume_batch_queue(queue, timeout, messages + count, atMost)
    guard taken >= 0 else { throw LogError(rd_kafka_last_error(), doing: "reading") }
    count += taken
  }
}

/// Records that point into messages, in an array that is reused. Its owner deallocates it.
struct RecordBuffer {
  private let records: UnsafeMutablePointer<Record>
  private(set) var count = 0

  init(capacity: Int) {
    records = .allocate(capacity: capacity)
  }

  func deallocate() { records.deallocate() }

  mutating func clear() { count = 0 }

  /// The caller must not exceed the capacity, which is that of the batch that the messages come from.
  @inline(__always)
  mutating func append(_ message: UnsafeMutablePointer<rd_kafka_message_t>, topic: Topic) {
    let fields = message.pointee
    var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    let timestamp = rd_kafka_message_timestamp(message, &kind)
    // -1 is how a record of the newer formats says that it has no timestamp.
    let hasTimestamp = kind != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && timestamp != -1
    (records + count).initialize(
      to: Record(
        topic: topic, partition: fields.partition, offset: fields.offset,
        timestamp: hasTimestamp ? timestamp : nil,
        key: fields.key.map { UnsafeRawBufferPointer(start: $0, count: fields.key_len) },
        value: fields.payload.map { UnsafeRawBufferPointer(start: $0, count: fields.len) },
        headers: RecordHeaders(of: message)))
    count += 1
  }

  var buffer: UnsafeBufferPointer<Record> { UnsafeBufferPointer(start: records, count: count) }
}
