import CRdKafka
import Contract
import EventLog

/// Repeatedly asks a group's coordinator which tasks have owners, without ever blocking on the response.
final class GroupInquiry {
  private let client: Client
  private let group: String
  private let queue: OpaquePointer
  private var ownerless: OwnerlessTasks
  private var next = Deadline(in: GroupInquiry.interval)
  /// When the response is due; nil if no request is in progress.
  private var due: Deadline?

  /// Milliseconds from a response to the next request.
  private static let interval = 5_000
  /// Milliseconds; far below the hour after which librdkafka would time out the request itself, see `Client.letWait`.
  private static let patience = 1_800_000

  init?(about group: String, taskCount: Int32, of client: Client) {
    guard let queue = rd_kafka_queue_new(client.handle) else { return nil }
    self.queue = queue
    self.client = client
    self.group = group
    ownerless = OwnerlessTasks(count: taskCount)
  }

  deinit {
    rd_kafka_queue_destroy(queue)
  }

  /// Sends a request if one is due, and judges the response if there is one. `lead` is the topic whose partitions are the
  /// tasks. Throws a `fatal` error if there is no response for half an hour.
  func poll(lead: Topic, names: TopicNames) throws(LogError) -> OwnerlessTasks.Verdict {
    if let due {
      guard let event = rd_kafka_queue_poll(queue, 0) else {
        guard due.hasPassed else { return .undecided }
        throw LogError(
          .fatal, code: RD_KAFKA_RESP_ERR__TIMED_OUT.name,
          "the coordinator of group \(group) does not respond")
      }
      defer { rd_kafka_event_destroy(event) }
      self.due = nil
      next = Deadline(in: Self.interval)
      return ownerless.judge(owned: tasksOwned(event, lead: lead, names: names))
    }
    if next.hasPassed { ask() }
    return .undecided
  }

  private func ask() {
    let options = rd_kafka_AdminOptions_new(client.handle, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS)
    defer { rd_kafka_AdminOptions_destroy(options) }
    Client.letWait(options)
    group.withCString {
      var groups: [UnsafePointer<CChar>?] = [$0]
      rd_kafka_DescribeConsumerGroups(client.handle, &groups, 1, options, queue)
    }
    due = Deadline(in: Self.patience)
  }

  private func tasksOwned(_ event: OpaquePointer, lead: Topic, names: TopicNames) -> Set<Int32>? {
    guard rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
    var count = 0
    let groups = rd_kafka_DescribeConsumerGroups_result_groups(
      rd_kafka_event_DescribeConsumerGroups_result(event), &count)
    guard count == 1, let group = groups?[0], rd_kafka_ConsumerGroupDescription_error(group) == nil,
      rd_kafka_ConsumerGroupDescription_state(group) == RD_KAFKA_CONSUMER_GROUP_STATE_STABLE
    else { return nil }
    var owned: Set<Int32> = []
    for index in 0..<rd_kafka_ConsumerGroupDescription_member_count(group) {
      let member = rd_kafka_ConsumerGroupDescription_member(group, index)
      let assignment = rd_kafka_MemberDescription_assignment(member)
      rd_kafka_MemberAssignment_partitions(assignment)?.pointee.forEach(names) { partition, _, _ in
        if partition.topic == lead { owned.insert(partition.partition) }
      }
    }
    return owned
  }
}
