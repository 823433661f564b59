import Contract
import EventLog

/// The topics of one generation in a file, as of when they were read. A topic never changes once it is created.
struct TopicCatalog: Sendable {
  struct Entry: Sendable {
    var id: Int64
    var partitions: Int32
    var isCompacted: Bool
    /// The index of partition 0 in arrays that have an element (slot) for each partition of all topics.
    var firstSlot: Int

    /// The table of its records.
    var table: String { isCompacted ? "compacted_records" : "records" }
  }

  let path: String
  private let generation: Generation
  /// By `Topic.rawValue`.
  private var entries: [Entry?]
  private var topics: [Int64: Topic] = [:]
  private(set) var slotCount = 0

  init(_ connection: Connection, _ generation: Generation) throws(LogError) {
    path = connection.path
    self.generation = generation
    let known = Dictionary(uniqueKeysWithValues: Topic.allCases.map { ($0.name(in: generation), $0) })
    entries = Array(repeating: nil, count: 1 + Int(Topic.allCases.map(\.rawValue).max() ?? 0))
    let rows = try Statement(connection, "SELECT id, name, partitions, compacted FROM topics ORDER BY id")
    while try rows.step() {
      guard let topic = known[rows.text(1)], let partitions = Int32(exactly: rows.int64(2)) else {
        continue
      }
      entries[Int(topic.rawValue)] = Entry(
        id: rows.int64(0), partitions: partitions, isCompacted: rows.int64(3) != 0, firstSlot: slotCount)
      topics[rows.int64(0)] = topic
      slotCount += Int(partitions)
    }
  }

  subscript(topic: Topic) -> Entry? { entries[Int(topic.rawValue)] }

  func topic(id: Int64) -> Topic? { topics[id] }

  /// Throws an error that names the topic if the file does not have it.
  func entry(_ topic: Topic) throws(LogError) -> Entry {
    if let entry = self[topic] { return entry }
    throw LogError(
      .unusable, code: "UNKNOWN_TOPIC",
      "\(path) has no topic '\(topic.name(in: generation))'; create it with `topics create`")
  }

  /// Throws an error that names the topic if the file does not have it, or does not have that partition of it.
  @discardableResult
  func entry(_ topic: Topic, partition: Int32) throws(LogError) -> Entry {
    let entry = try entry(topic)
    guard partition >= 0, partition < entry.partitions else {
      throw LogError(
        .unusable, code: "UNKNOWN_PARTITION",
        "\(path): topic '\(topic.name(in: generation))' has \(entry.partitions) partitions, so there is no partition \(partition)"
      )
    }
    return entry
  }

  /// All partitions of `topics`, in their order.
  func partitions(of topics: [Topic]) throws(LogError) -> [TopicPartition] {
    var all: [TopicPartition] = []
    for topic in topics {
      for partition in 0..<(try entry(topic).partitions) { all.append(TopicPartition(topic, partition)) }
    }
    return all
  }
}
