import CRdKafka
import Contract
import EventLog

/// The names of the topics in the cluster.
struct TopicNames: Sendable {
  let prefix: String
  let generation: Generation
  private let byName: [String: Topic]

  init(prefix: String, generation: Generation) {
    self.prefix = prefix
    self.generation = generation
    byName = Dictionary(
      uniqueKeysWithValues: Topic.allCases.map { (prefix + $0.name(in: generation), $0) })
  }

  func name(of topic: Topic) -> String { prefix + topic.name(in: generation) }

  /// Such as "prefix.partners-0".
  func name(of partition: TopicPartition) -> String { "\(name(of: partition.topic))-\(partition.partition)" }

  /// The topic with this full name, or nil.
  func topic(named name: String) -> Topic? { byName[name] }
}

/// A client's topic handles, so that a message's topic is found by comparing pointers.
///
/// Holds every handle for as long as it lives: a pointer that librdkafka has freed could come back as another topic. It
/// must be released before its client, which `client` ensures.
final class TopicHandles {
  private let client: Client
  private let names: TopicNames
  private var handles: [(handle: OpaquePointer, topic: Topic)] = []

  init(_ topics: [Topic], names: TopicNames, of client: Client) throws(LogError) {
    self.client = client
    self.names = names
    for topic in topics { try add(topic) }
  }

  @discardableResult
  func add(_ topic: Topic) throws(LogError) -> OpaquePointer {
    guard let handle = rd_kafka_topic_new(client.handle, names.name(of: topic), nil) else {
      throw LogError(rd_kafka_last_error(), doing: "topic \(names.name(of: topic))")
    }
    handles.append((handle, topic))
    return handle
  }

  func name(of topic: Topic) -> String { names.name(of: topic) }

  /// Full names, separated by commas.
  var description: String { handles.map { names.name(of: $0.topic) }.joined(separator: ", ") }

  deinit {
    for (handle, _) in handles { rd_kafka_topic_destroy(handle) }
  }

  func topic(of handle: OpaquePointer) -> Topic? {
    for entry in handles where entry.handle == handle { return entry.topic }
    return nil
  }

  func handle(of topic: Topic) -> OpaquePointer? {
    for entry in handles where entry.topic == topic { return entry.handle }
    return nil
  }
}
