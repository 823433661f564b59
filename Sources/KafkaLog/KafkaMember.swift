import CPrefetch
import CRdKafka
import Contract
import EventLog

/// A consumer in a group together with its transactional producer. One thread owns it.
final class KafkaMember: GroupMember {
  let names: TopicNames
  let consumer: Client
  let lead: Topic
  let topics: [Topic]
  var owned = OwnedPartitions()
  /// The listener of the current `poll` or `close`.
  var listener: (any GroupListener)?
  /// Whether a rebalance was served since the current batch began.
  var wasRebalanced = false
  var hasEverRebalanced = false
  /// An error inside a callback, which cannot throw through C.
  var callbackError: LogError?
  var isCooperative = false
  /// The member id under which the tasks were assigned.
  var ownedAs = ""
  /// Nil while the former one is to be replaced.
  var producer: TransactionalProducer?
  /// Of a static member, until it knows that all tasks of the group that it came back to have owners.
  var inquiry: GroupInquiry?
  /// By when it must have left the group in order to join it again.
  var leaving: Deadline?
  /// After a fatal error no further commit is attempted.
  var fatal: LogError?
  let makeProducer: () throws(LogError) -> TransactionalProducer
  /// One that only ends the transaction of the transactional id.
  let endTransaction: (_ id: String) throws(LogError) -> Void
  let group: GroupSpec
  let transactionalID: String
  /// The notes of the group's committed positions, whatever transactions are open.
  let notes: (_ partitions: [TopicPartition]) throws(LogError) -> [TopicPartition: String]

  private let queue: OpaquePointer
  private let handles: TopicHandles
  private let batch = MessageBatch(capacity: KafkaMember.batchCapacity)
  private var records = RecordBuffer(capacity: KafkaMember.batchCapacity)
  private var fetchWaker = FetchWaker()
  /// The partitions that the batch has records of, by their index in `owned`.
  private var partitionsRead: Set<Int> = []
  private(set) var isClosed = false

  static let batchCapacity = 10_000

  init(
    _ group: GroupSpec, taskCount: Int32, as identity: MemberIdentity, configuration: Configuration,
    names: TopicNames, outputNames: TopicNames, limits: [Topic: TopicLimits],
    notes: @escaping (_ partitions: [TopicPartition]) throws(LogError) -> [TopicPartition: String],
    log: @escaping @Sendable (String) -> Void
  ) throws(LogError) {
    guard let lead = group.topics.first else {
      throw LogError(.unusable, code: "_INVALID_ARG", "group \(group.name) has no input topic")
    }
    try GroupMetadata.checkForm()
    self.lead = lead
    self.names = names
    self.group = group
    self.notes = notes
    transactionalID = identity.transactionalID
    topics = group.topics
    makeProducer = { () throws(LogError) in
      try TransactionalProducer(
        id: identity.transactionalID, writing: group.outputs, configuration: configuration,
        names: outputNames,
        limits: limits, log: log)
    }
    endTransaction = { (id) throws(LogError) in
      _ = try TransactionalProducer(
        id: id, writing: [], configuration: configuration, names: outputNames, limits: [:], log: log)
    }
    // Before anything is read: from here on, the process that had this id before can commit nothing.
    producer = try makeProducer()
    var required = ConsumerSettings.required + [("group.id", group.name)]
    if let instance = identity.instanceID { required.append(("group.instance.id", instance)) }
    let conf = try configuration.clientConfiguration(
      defaults: ConsumerSettings.defaults + ConsumerSettings.memberDefaults, required: required)
    consumer = try Client(RD_KAFKA_CONSUMER, conf: conf, rebalances: true, log: log)
    rd_kafka_poll_set_consumer(consumer.handle)
    handles = try TopicHandles(group.topics, names: names, of: consumer)
    queue = rd_kafka_queue_get_consumer(consumer.handle)
    if identity.instanceID != nil {
      inquiry = GroupInquiry(about: group.name, taskCount: taskCount, of: consumer)
    }
    consumer.events.rebalanced = { [unowned self] code, partitions in rebalance(code, partitions.pointee) }
    try subscribe()
  }

  func subscribe() throws(LogError) {
    let subscription = PartitionList([TopicPartition(lead, -1)], offset: 0, names: names)
    let error = subscription.withHandle { rd_kafka_subscribe(consumer.handle, $0) }
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw LogError(error, doing: "subscribing to \(names.name(of: lead))")
    }
  }

  deinit {
    consumer.events.rebalanced = nil
    if !isClosed { rd_kafka_queue_destroy(queue) }
    records.deallocate()
  }

  func poll(timeout: Int32, _ listener: any GroupListener) throws(LogError) {
    self.listener = listener
    defer { self.listener = nil }
    producer?.poll()
    let isSettled = try applyPositions()
    // If librdkafka reports it at all, it does so in the batch call below.
    let wasExpelled = isExpelled(as: memberID)
    wasRebalanced = false
    defer { batch.clear() }
    // A partition that could not be repositioned yet is retried soon.
    try batch.fill(from: queue, timeout: isSettled ? timeout : min(timeout, 5)) { [self] in !wasRebalanced }
    if Client.libraryIsOlder(than: 2, 2), fetchWaker.shouldWake(length: rd_kafka_queue_length(queue)) {
      consumer.wakeLeaders(of: owned.tasks.map { TopicPartition(lead, $0) }, names: names)
    }
    if wasExpelled, isExpelled(as: memberID) { loseAll(except: []) }
    if wasRebalanced { owned.distrustAll() }
    let notices = collect()
    if records.count > 0 {
      listener.received(records.buffer)
      reportNearEnds(listener)
    }
    for case .end(let partition, let offset) in notices where owned.reachedEnd(of: partition, at: offset) {
      listener.reachedEnd(of: partition, at: offset)
    }
    try check(notices)
    try shareOutOwnerlessTasks()
  }

  var isInGroup: Bool { !isClosed && hasEverRebalanced && fatal == nil && !memberID.isEmpty }

  func committed(_ partitions: [TopicPartition]) throws(LogError) -> CommittedPositions {
    // Ends a transaction of unknown outcome.
    if fatal == nil { _ = try readyProducer() }
    var ended: Set<String> = []
    return try consumer.committed(partitions, names: names, patience: Self.patienceWithOthers) {
      endForgottenTransactions(about: partitions, &ended)
      return nil
    }
  }

  func beginnings(_ partitions: [TopicPartition]) throws(LogError) -> Positions {
    try consumer.offsets(.beginning, of: partitions, names: names)
  }

  func read(from positions: Positions) throws(LogError) {
    for (partition, offset) in positions {
      guard topics.contains(partition.topic), owned.want(partition, from: offset) else {
        throw LogError(.abortable, code: "_STATE", "\(partition) is not assigned to this member")
      }
    }
  }

  func close(_ listener: any GroupListener) {
    guard !isClosed else { return }
    isClosed = true
    inquiry = nil
    self.listener = listener
    // Serves a rebalance that waits for its callback first: before librdkafka 2.4, a consumer that is closed while it
    // waits for an assignment never closes.
    try? batch.fill(from: queue, timeout: 0)
    batch.clear()
    leave(batch)
    self.listener = nil
    producer = nil
    rd_kafka_queue_destroy(queue)
  }

  // MARK: Messages

  enum Notice {
    case end(TopicPartition, Int64)
    case failure(rd_kafka_resp_err_t, String)
  }

  /// Control records that may follow the last record of a partition: they take offsets, and are not reported until a fetch
  /// comes back empty.
  private static let fewRecords: Int64 = 3

  /// Reports partitions of which all, or all but a few, of the records that the broker had at the last fetch are handed
  /// out: librdkafka reports an end only when a fetch has waited in vain, which never happens in a steady stream.
  private func reportNearEnds(_ listener: any GroupListener) {
    for index in partitionsRead {
      guard let (partition, next) = owned.placed(at: index) else { continue }
      var (low, high): (Int64, Int64) = (0, 0)
      let error = rd_kafka_get_watermark_offsets(
        consumer.handle, names.name(of: partition.topic), partition.partition, &low, &high)
      if error == RD_KAFKA_RESP_ERR_NO_ERROR, high - next <= Self.fewRecords {
        listener.nearedEnd(of: partition)
      }
    }
  }

  /// Sorts the batch into records to hand out and notices.
  private func collect() -> [Notice] {
    // In variables: each use of a field would be checked for exclusive access.
    var records = records
    records.clear()
    var notices: [Notice] = []
    partitionsRead.removeAll(keepingCapacity: true)
    var lastHandle: OpaquePointer?
    var lastPartition: Int32 = -1
    var topic = lead
    // Messages come in runs of one partition: its index, and the next offset that is expected of it.
    var run: (index: Int, next: Int64)?
    batch.forEach { message in
      if message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR {
        notices.append(notice(of: message))
        return
      }
      if message.pointee.rkt != lastHandle || message.pointee.partition != lastPartition {
        if let run { owned.advance(to: run.next, at: run.index) }
        lastHandle = message.pointee.rkt
        lastPartition = message.pointee.partition
        run = begin(lastHandle, lastPartition, &topic)
      }
      if let next = run?.next, message.pointee.offset >= next {
        run?.next = message.pointee.offset + 1
        records.append(message, topic: topic)
      }
    }
    if let run { owned.advance(to: run.next, at: run.index) }
    self.records = records
    return notices
  }

  /// Of a partition of the batch: its index and the next offset, unless none of its records is to be handed out.
  private func begin(
    _ handle: OpaquePointer?, _ partition: Int32, _ topic: inout Topic
  ) -> (index: Int, next: Int64)? {
    guard let known = handle.flatMap(handles.topic(of:)) else { return nil }
    topic = known
    guard let index = owned.index(of: TopicPartition(known, partition)) else { return nil }
    partitionsRead.insert(index)
    return owned.placed(at: index).map { (index, $0.next) }
  }

  private func notice(of message: UnsafeMutablePointer<rd_kafka_message_t>) -> Notice {
    let fields = message.pointee
    let partition = fields.rkt.flatMap(handles.topic(of:)).map { TopicPartition($0, fields.partition) }
    if fields.err == RD_KAFKA_RESP_ERR__PARTITION_EOF, let partition { return .end(partition, fields.offset) }
    let reason = rd_kafka_message_errstr(message).map { String(cString: $0) } ?? fields.err.name
    if fields.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, let partition {
      return .failure(
        fields.err, "the log no longer has offset \(fields.offset) of \(names.name(of: partition)): \(reason)"
      )
    }
    return .failure(
      fields.err,
      partition.map { "reading \(names.name(of: $0)): \(reason)" } ?? "group \(group.name): \(reason)")
  }

  private func check(_ notices: [Notice]) throws(LogError) {
    if let error = callbackError {
      callbackError = nil
      throw error
    }
    if let fatal = fatal ?? consumer.events.fatal { throw fatal }
    for case .failure(let code, let message) in notices {
      if code == RD_KAFKA_RESP_ERR__FATAL, let fatal = consumer.fatalError { throw fatal }
      if code.saysUnknown {
        // If a topic does not exist, this query throws.
        _ = try consumer.partitionCounts(of: topics, names: names)
      } else if code.isPassing {
        consumer.events.log("kafka: \(message)")
      } else {
        throw LogError(code, message)
      }
    }
  }
}
