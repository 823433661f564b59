import CRdKafka
import Contract
import EventLog
import Glibc
import Synchronization

/// An Apache Kafka cluster as the log, over librdkafka 2.0.2 or newer. Brokers must be 2.5 or newer
/// (KIP-447).
package final class KafkaLog: EventLog {
  let configuration: Configuration
  let names: TopicNames
  /// The names of the topics that group members write to.
  private let outputNames: TopicNames
  let log: @Sendable (String) -> Void
  let warn: @Sendable (String) -> Void
  /// Queries topics and offsets; it is in no group. Its end offsets include transactions whose outcome is not visible yet:
  /// brokers respond to a commit before they have written the markers, and committed records must not be missed.
  let query: Client
  /// By group: a new connection for each query would cost more than the query.
  private let outsiders = Mutex<[Outsider: Client]>([:])
  /// Queries up to where `read_committed` readers can read; created on first use.
  private let committedQuery = Mutex<Client?>(nil)
  /// Of the output topics that were checked or queried.
  let limits = Mutex<[Topic: TopicLimits]>([:])

  /// - Parameters:
  ///   - bootstrapServers: `HOST:PORT[,…]`.
  ///   - properties: librdkafka's, for consumers and producers alike; of properties with the same name the last one applies.
  ///   - topicPrefix: comes before each topic's name, and before those of groups and transactional ids, so that deployments
  ///     on one cluster share nothing.
  ///   - outputPrefix: that of the topics which group members write to, where it is another one.
  ///   - generation: whose outputs are read and written.
  ///   - log: gets librdkafka's warnings and errors, one line each, on any thread.
  ///   - warn: gets what a user should know about the topics' settings.
  ///
  /// Connects in the background. Throws an `unusable` error that names a property which is unknown, has a bad
  /// value or is the program's own (exactly-once rests on it).
  package init(
    bootstrapServers: String, properties: [(String, String)] = [], topicPrefix: String = "",
    outputPrefix: String? = nil, generation: Generation = .first,
    log: @escaping @Sendable (String) -> Void = KafkaLog.printToStandardError,
    warn: @escaping @Sendable (String) -> Void = KafkaLog.printToStandardError
  ) throws(LogError) {
    configuration = try Configuration(bootstrapServers: bootstrapServers, properties: properties)
    names = TopicNames(prefix: topicPrefix, generation: generation)
    outputNames = TopicNames(prefix: outputPrefix ?? topicPrefix, generation: generation)
    self.log = log
    self.warn = warn
    let conf = try configuration.clientConfiguration(
      defaults: [], required: ConsumerSettings.required + [("isolation.level", "read_uncommitted")])
    query = try Client(RD_KAFKA_CONSUMER, conf: conf, log: log)
  }

  package var generation: Generation { names.generation }

  package var keepsCheckpoints: Bool { true }

  /// The cluster's id, and the prefix that tells these topics from others there.
  package func identity() throws(LogError) -> String {
    guard let id = rd_kafka_clusterid(query.handle, Deadline.request.remaining) else {
      throw LogError(.retriable, code: RD_KAFKA_RESP_ERR__TIMED_OUT.name, "no broker returned the cluster id")
    }
    defer { rd_kafka_mem_free(query.handle, id) }
    return "\(String(cString: id))/\(names.prefix)"
  }

  package func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    let counts = try query.partitionCounts(of: group.topics, names: names)
    let different = group.topics.first { counts[$0] != counts[group.topics[0]] }
    if let different {
      throw LogError(
        .unusable, code: "_INVALID_ARG",
        "topics \(names.name(of: group.topics[0])) and \(names.name(of: different)) have"
          + " \(counts[group.topics[0]] ?? 0)"
          + " and \(counts[different] ?? 0) partitions; the counts must be equal")
    }
    let groupName = group.name
    var (group, identity) = (group, identity)
    group.name = names.prefix + groupName
    identity.transactionalID = names.prefix + identity.transactionalID
    return try KafkaMember(
      group, taskCount: counts[group.topics[0]] ?? 0, as: identity, configuration: configuration,
      names: names, outputNames: outputNames, limits: limits.withLock { $0 },
      notes: { (partitions) throws(LogError) in try self.notes(partitions, of: groupName) }, log: log)
  }

  package func expectedTasks(
    of group: GroupSpec, as identity: MemberIdentity, joining: (number: Int, of: Int)
  ) throws(LogError) -> [Int32] {
    let client = try outsider(of: group.name, isWaiting: false)
    let members = try client.members(ofGroup: names.prefix + group.name, lead: group.topics[0], names: names)
    guard let members else { return [] }
    // A static member that comes back within its session has its tasks still, and nobody else has.
    if let instance = identity.instanceID, members.contains(where: { $0.instanceID == instance }) {
      return []
    }
    return ExpectedTasks.moving(from: members.map(\.tasks), to: joining.of)[joining.number]
  }

  package func committed(_ partitions: [TopicPartition], of group: String) throws(LogError) -> Positions {
    guard !partitions.isEmpty else { return [:] }
    let client = try outsider(of: group)
    let name = names.prefix + group
    // librdkafka keeps looking for a group's coordinator even if that is denied; only an event reports the denial.
    return try client.committed(partitions, names: names, patience: 2_000) {
      client.takeDenial(doing: "querying the committed offsets of group \(name)")
    }.positions
  }

  package func notes(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> [TopicPartition: String] {
    guard !partitions.isEmpty else { return [:] }
    return try outsider(of: group, isWaiting: false).committed(partitions, names: names).notes
  }

  /// A client that queries `group`. It subscribes to nothing, so it never becomes a member. If `isWaiting`, queries return
  /// only when no transaction is undecided.
  private func outsider(of group: String, isWaiting: Bool = true) throws(LogError) -> Client {
    let key = Outsider(group: ExactText(group), isWaiting: isWaiting)
    let known = outsiders.withLock { $0[key] }
    if let known { return known }
    let isolation = isWaiting ? [] : [(name: "isolation.level", value: "read_uncommitted")]
    let conf = try configuration.clientConfiguration(
      defaults: [], required: ConsumerSettings.required + isolation + [("group.id", names.prefix + group)])
    let client = try Client(RD_KAFKA_CONSUMER, conf: conf, log: log)
    outsiders.withLock { $0[key] = client }
    return client
  }

  private struct Outsider: Hashable {
    var group: ExactText
    var isWaiting: Bool
  }

  package func ends(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try query.offsets(.end, of: partitions, names: names)
  }

  package func visibleEnds(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    var client = committedQuery.withLock { $0 }
    if client == nil {
      let conf = try configuration.clientConfiguration(defaults: [], required: ConsumerSettings.required)
      client = try Client(RD_KAFKA_CONSUMER, conf: conf, log: log)
      committedQuery.withLock { [client] in $0 = client }
    }
    return try client?.offsets(.end, of: partitions, names: names) ?? [:]
  }

  package func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try query.offsets(.beginning, of: partitions, names: names)
  }

  package func reader(_ topics: [Topic], from start: ReadStart) throws(LogError) -> any LogReader {
    try KafkaReader(topics, from: start, configuration: configuration, names: names, query: query, log: log)
  }

  package func reader(from positions: Positions) throws(LogError) -> any PartitionReader {
    try PartitionFetcher(positions, configuration: configuration, names: names, log: log)
  }

  package func writer(refused: RefusalHandler?) throws(LogError) -> any LogWriter {
    try KafkaWriter(configuration: configuration, names: names, log: log, refused: refused)
  }

  /// Where messages go by default.
  package static let printToStandardError: @Sendable (String) -> Void = { line in
    let bytes = Array((line + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}
