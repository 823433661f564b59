import CRdKafka
import Contract
import EventLog

/// What a group's coordinator says of a member.
struct DescribedMember {
  /// What the group has given it.
  var id: String
  /// Nil for a dynamic member.
  var instanceID: String?
  /// Ascending.
  var tasks: [Int32]
}

extension DescribedMember {
  /// The members in the answer to a request to describe one group; nil if the group is being rebalanced. `lead` is the topic whose
  /// partitions are the tasks.
  static func all(in event: OpaquePointer, lead: Topic, names: TopicNames) throws(LogError)
    -> [DescribedMember]?
  {
    let error = rd_kafka_event_error(event)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(error, doing: "describing a group") }
    var count = 0
    let groups = rd_kafka_DescribeConsumerGroups_result_groups(
      rd_kafka_event_DescribeConsumerGroups_result(event), &count)
    guard count == 1, let group = groups?[0] else { return nil }
    if let failure = rd_kafka_ConsumerGroupDescription_error(group) {
      throw LogError(rd_kafka_error_code(failure), doing: "describing a group")
    }
    switch rd_kafka_ConsumerGroupDescription_state(group) {
    case RD_KAFKA_CONSUMER_GROUP_STATE_STABLE: break
    case RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY, RD_KAFKA_CONSUMER_GROUP_STATE_DEAD: return []
    default: return nil
    }
    return (0..<rd_kafka_ConsumerGroupDescription_member_count(group)).map { index in
      let member = rd_kafka_ConsumerGroupDescription_member(group, index)
      var tasks: [Int32] = []
      let assignment = rd_kafka_MemberDescription_assignment(member)
      rd_kafka_MemberAssignment_partitions(assignment)?.pointee.forEach(names) { partition, _, _ in
        if partition.topic == lead { tasks.append(partition.partition) }
      }
      return DescribedMember(
        id: rd_kafka_MemberDescription_consumer_id(member).map { String(cString: $0) } ?? "",
        instanceID: rd_kafka_MemberDescription_group_instance_id(member).map { String(cString: $0) },
        tasks: tasks.sorted())
    }
  }
}
