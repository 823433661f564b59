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
    let members = try? DescribedMember.all(in: event, lead: lead, names: names)
    guard let members, !members.isEmpty else { return nil }
    return Set(members.flatMap(\.tasks))
  }
}
