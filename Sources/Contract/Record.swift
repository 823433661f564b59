/// One partition of one topic.
public struct TopicPartition: Hashable, Sendable, CustomStringConvertible {
  public var topic: Topic
  public var partition: Int32

  public init(_ topic: Topic, _ partition: Int32) {
    self.topic = topic
    self.partition = partition
  }

  public var description: String { "\(topic.name)-\(partition)" }
}

/// For each partition, the offset of the next record to read.
public typealias Positions = [TopicPartition: Int64]

/// One record as read. Its bytes are borrowed: they are valid only during the call that hands the record out.
public struct Record {
  public var topic: Topic
  public var partition: Int32
  public var offset: Int64
  /// The record's own timestamp, in milliseconds since 1970 UTC; nil if the log has none.
  public var timestamp: Int64?
  /// Nil for a record without a key.
  public var key: UnsafeRawBufferPointer?
  /// Nil for a tombstone.
  public var value: UnsafeRawBufferPointer?
  public var headers: RecordHeaders

  @inline(__always)
  public init(
    topic: Topic, partition: Int32, offset: Int64, timestamp: Int64?,
    key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, headers: RecordHeaders = .none
  ) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
    self.timestamp = timestamp
    self.key = key
    self.value = value
    self.headers = headers
  }

  public var topicPartition: TopicPartition { TopicPartition(topic, partition) }
}
