import CRdKafka
import Contract
import EventLog

extension KafkaMember {
  /// Called by librdkafka from inside `poll` and `close`, with partitions of the leading topic.
  func rebalance(_ code: rd_kafka_resp_err_t, _ partitions: rd_kafka_topic_partition_list_t) {
    wasRebalanced = true
    hasEverRebalanced = true
    switch rd_kafka_rebalance_protocol(consumer.handle).map({ String(cString: $0) }) {
    case "COOPERATIVE": isCooperative = true
    case "EAGER": isCooperative = false
    default: break
    }
    var tasks: [Int32] = []
    partitions.forEach(names) { partition, _, _ in
      if partition.topic == lead { tasks.append(partition.partition) }
    }
    tasks.sort()
    let id = memberID
    if isExpelled(as: id) { loseAll(except: code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS ? tasks : []) }
    // While it closes, librdkafka takes any response for an unassignment of everything, and leaves the group.
    if isClosed { tasks = owned.tasks.sorted() }
    switch code {
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS where isClosed:
      release(tasks, isLost: isExpelled(as: id))
      startReading()
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
      ownedAs = id
      assign(tasks)
    case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
      revoke(tasks, isLost: rd_kafka_assignment_lost(consumer.handle) != 0 || isExpelled(as: id))
    default:
      // librdkafka aborted the rebalance; it expects the assignment to be dropped.
      callbackError = LogError(code, doing: "rebalancing")
      revoke(owned.tasks.sorted(), isLost: true)
    }
  }

  private func assign(_ tasks: [Int32]) {
    owned.add(tasks: tasks)
    // A cooperative rebalance calls back even if it assigns nothing.
    if !tasks.isEmpty {
      do {
        try read(from: listener?.assigned(tasks) ?? [:])
      } catch {
        callbackError = error
      }
    }
    // The group waits for this, even if there is nothing to read.
    startReading()
  }

  private func revoke(_ tasks: [Int32], isLost: Bool) {
    stopReading(release(tasks, isLost: isLost))
  }

  /// Notifies the listener, and returns the partitions that librdkafka still reads.
  @discardableResult
  private func release(_ tasks: [Int32], isLost: Bool) -> [TopicPartition] {
    let mine = tasks.filter(owned.tasks.contains)
    // Nothing may be committed for lost tasks, so they are removed before the listener is notified.
    let lost = isLost ? owned.remove(tasks: mine) : []
    if !mine.isEmpty { isLost ? listener?.lost(mine) : listener?.revoked(mine) }
    return isLost ? lost : owned.remove(tasks: mine)
  }

  /// The id that the group's coordinator has given this member; empty if it is not a member.
  var memberID: String {
    guard let id = rd_kafka_memberid(consumer.handle) else { return "" }
    defer { rd_kafka_mem_free(consumer.handle, id) }
    return String(cString: id)
  }

  /// Whether the tasks were assigned to an earlier membership, though this consumer may be in the group again.
  ///
  /// librdkafka does not report it if it was removed from the group while another rebalance waited for its callback, and
  /// then still considers the former tasks its own. Their new owners may have committed in the meantime.
  func isExpelled(as id: String) -> Bool { !owned.tasks.isEmpty && id != ownedAs }

  /// Drops all tasks but those that are being revoked anyway. If librdkafka considers tasks owned that are not, only
  /// joining again cures that.
  func loseAll(except revoked: [Int32]) {
    let others = owned.tasks.subtracting(revoked).sorted()
    guard !others.isEmpty else { return }
    fatal = LogError(
      .fatal, code: RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID.name,
      "this member was removed from its group and must rejoin")
    owned.remove(tasks: others)
    listener?.lost(others)
  }

  private func stopReading(_ partitions: [TopicPartition]) {
    if isCooperative {
      let list = PartitionList(partitions, offset: Int64(RD_KAFKA_OFFSET_INVALID), names: names)
      note(KafkaFailure(list.withHandle { rd_kafka_incremental_unassign(consumer.handle, $0) }))
    } else {
      note(rd_kafka_assign(consumer.handle, nil))
      // An eager protocol takes everything away; what this member keeps is then assigned again as a whole.
      owned.note(owned.allPositions.keys, .unassigned)
    }
  }

  /// Assigns librdkafka the partitions that it does not read yet, at their tracked offsets. With an eager protocol,
  /// librdkafka accepts only the whole assignment.
  func startReading() {
    let fresh = owned.positions(.unassigned)
    if isCooperative {
      let list = PartitionList(fresh, names: names)
      guard note(KafkaFailure(list.withHandle { rd_kafka_incremental_assign(consumer.handle, $0) })) else {
        return
      }
      owned.note(fresh.keys, .placed)
    } else {
      let all = owned.allPositions
      let list = PartitionList(all, names: names)
      guard note(list.withHandle { rd_kafka_assign(consumer.handle, $0) }) else { return }
      owned.note(all.keys, .placed)
    }
  }

  /// Makes librdkafka read each partition from its tracked offset. Returns whether nothing is left to do.
  ///
  /// It seeks rather than unassigns: while a rebalance waits for its callback, librdkafka takes any unassignment for the
  /// response to it, and would let the group continue before the revoked tasks were committed.
  func applyPositions() throws(LogError) -> Bool {
    if !owned.positions(.unassigned).isEmpty {
      // An assignment would clear the flag by which the callback recognizes that partitions were lost.
      guard rd_kafka_assignment_lost(consumer.handle) == 0 else { return false }
      startReading()
    }
    let misplaced = owned.positions(.misplaced)
    guard !misplaced.isEmpty else { return true }
    let list = PartitionList(misplaced, names: names)
    // Before 2.1 the timeout was interpreted as microseconds.
    let timeout: Int32 = Client.libraryIsOlder(than: 2, 1) ? 5_000_000 : 5_000
    if let failure = KafkaFailure(list.withHandle { rd_kafka_seek_partitions(consumer.handle, $0, timeout) })
    {
      if failure.isFatal { throw failure.logError(doing: "seeking") }
      return false
    }
    // A partition whose fetcher has not started yet reports an error, and is retried.
    var placed: [TopicPartition] = []
    list.forEach(names) { partition, _, error in
      if error == RD_KAFKA_RESP_ERR_NO_ERROR { placed.append(partition) }
    }
    owned.note(placed, .placed)
    return placed.count == misplaced.count
  }

  @discardableResult
  private func note(_ failure: KafkaFailure?) -> Bool {
    guard let failure else { return true }
    callbackError = callbackError ?? failure.logError(doing: "changing the assignment")
    return false
  }

  @discardableResult
  private func note(_ error: rd_kafka_resp_err_t) -> Bool {
    guard error != RD_KAFKA_RESP_ERR_NO_ERROR else { return true }
    callbackError = callbackError ?? LogError(error, doing: "changing the assignment")
    return false
  }

  /// Leaves the group, within a bounded time even if no broker answers.
  func leave(_ batch: MessageBatch) {
    let client = consumer.handle
    let queue = rd_kafka_queue_new(client)
    guard let queue else { return }
    if let failure = KafkaFailure(rd_kafka_consumer_close_queue(client, queue)) {
      consumer.events.log("kafka: leaving the group: \(failure.reason)")
    } else {
      let deadline = Deadline(in: 15_000)
      while rd_kafka_consumer_closed(client) == 0 {
        // Serves the last revocation; records that are still fetched are dropped.
        try? batch.fill(from: queue, timeout: 50)
        batch.clear()
        if deadline.hasPassed {
          consumer.events.log("kafka: the consumer did not close in time; its threads are abandoned")
          consumer.isAbandoned = true
          return
        }
      }
    }
    rd_kafka_queue_destroy(queue)
    // Before 2.3, destroying a cooperative consumer between the two steps of its first join crashes, and that state cannot
    // be detected. It has left the group, so only some idle threads remain.
    if !hasEverRebalanced, Client.libraryIsOlder(than: 2, 3) { consumer.isAbandoned = true }
  }
}
