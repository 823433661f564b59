import CRdKafka
import Contract
import EventLog

/// A topic to create.
package struct NewTopic {
  let name: String
  let partitions: Int32
  var settings: [(name: String, value: String)]

  package init(name: String, partitions: Int32, settings: [(name: String, value: String)]) {
    self.name = name
    self.partitions = partitions
    self.settings = settings
  }
}

extension Client {
  /// Creates topics with the brokers' default replication factor. A topic that exists is left as it is.
  func create(_ topics: [NewTopic]) throws(LogError) {
    guard !topics.isEmpty else { return }
    var natives: [OpaquePointer?] = []
    defer { for native in natives { rd_kafka_NewTopic_destroy(native) } }
    for topic in topics {
      var message = [CChar](repeating: 0, count: 512)
      guard let native = rd_kafka_NewTopic_new(topic.name, topic.partitions, -1, &message, message.count)
      else {
        throw LogError(.unusable, code: "_INVALID_ARG", "topic \(topic.name): \(text(message))")
      }
      natives.append(native)
      for (name, value) in topic.settings { rd_kafka_NewTopic_set_config(native, name, value) }
    }
    try ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, doing: "creating topics") { options, queue in
      rd_kafka_CreateTopics(handle, &natives, natives.count, options, queue)
    } reading: { (event) throws(LogError) in
      var count = 0
      let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
      for index in 0..<count {
        let result = results?[index]
        let error = rd_kafka_topic_result_error(result)
        guard error != RD_KAFKA_RESP_ERR_NO_ERROR, error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS else {
          continue
        }
        let name = String(cString: rd_kafka_topic_result_name(result))
        let reason = rd_kafka_topic_result_error_string(result).map { String(cString: $0) } ?? error.name
        throw LogError(error, "creating topic \(name): \(reason)")
      }
    }
  }

  /// The effective settings of each of these topics, which must exist. Topics that this client may not describe are left
  /// out.
  func settings(
    ofTopics names: [String]
  ) throws(LogError) -> (settings: [String: [String: String]], denied: [String]) {
    guard !names.isEmpty else { return ([:], []) }
    var resources: [OpaquePointer?] = names.map { rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0) }
    defer { for resource in resources { rd_kafka_ConfigResource_destroy(resource) } }
    var settings: [String: [String: String]] = [:]
    var denied: [String] = []
    try ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, doing: "querying topic settings") { options, queue in
      rd_kafka_DescribeConfigs(handle, &resources, resources.count, options, queue)
    } reading: { (event) throws(LogError) in
      var count = 0
      let results = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(event), &count)
      for index in 0..<count {
        let resource = results?[index]
        let name = String(cString: rd_kafka_ConfigResource_name(resource))
        let error = rd_kafka_ConfigResource_error(resource)
        if error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED {
          denied.append(name)
          continue
        }
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
          throw LogError(error, doing: "querying the settings of topic \(name)")
        }
        var entryCount = 0
        let entries = rd_kafka_ConfigResource_configs(resource, &entryCount)
        for entry in 0..<entryCount {
          guard let value = rd_kafka_ConfigEntry_value(entries?[entry]) else { continue }
          settings[name, default: [:]][String(cString: rd_kafka_ConfigEntry_name(entries?[entry]))] =
            String(cString: value)
        }
      }
    }
    return (settings, denied)
  }

  /// Deletes topics; ignores those that do not exist.
  func delete(topics names: [String]) throws(LogError) {
    guard !names.isEmpty else { return }
    var natives: [OpaquePointer?] = names.map { rd_kafka_DeleteTopic_new($0) }
    defer { for native in natives { rd_kafka_DeleteTopic_destroy(native) } }
    try ask(RD_KAFKA_ADMIN_OP_DELETETOPICS, doing: "deleting topics") { options, queue in
      rd_kafka_DeleteTopics(handle, &natives, natives.count, options, queue)
    } reading: { (event) throws(LogError) in
      var count = 0
      let results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count)
      for index in 0..<count {
        let error = rd_kafka_topic_result_error(results?[index])
        guard error != RD_KAFKA_RESP_ERR_NO_ERROR, error != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART else {
          continue
        }
        let name = String(cString: rd_kafka_topic_result_name(results?[index]))
        throw LogError(error, doing: "deleting topic \(name)")
      }
    }
  }

  /// Deletes consumer groups; ignores those that do not exist. Throws an `unusable` error for a group that has members.
  func delete(groups names: [String]) throws(LogError) {
    guard !names.isEmpty else { return }
    var natives: [OpaquePointer?] = names.map { rd_kafka_DeleteGroup_new($0) }
    defer { for native in natives { rd_kafka_DeleteGroup_destroy(native) } }
    try ask(RD_KAFKA_ADMIN_OP_DELETEGROUPS, doing: "deleting consumer groups") { options, queue in
      rd_kafka_DeleteGroups(handle, &natives, natives.count, options, queue)
    } reading: { (event) throws(LogError) in
      var count = 0
      let results = rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event), &count)
      for index in 0..<count {
        guard let failure = rd_kafka_group_result_error(results?[index]) else { continue }
        let error = rd_kafka_error_code(failure)
        if error == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND { continue }
        let name = String(cString: rd_kafka_group_result_name(results?[index]))
        if error == RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP {
          throw LogError(.unusable, code: error.name, "group \(name) has active members")
        }
        throw LogError(error, doing: "deleting group \(name)")
      }
    }
  }

  /// The members of a group; nil while it is being rebalanced.
  func members(ofGroup name: String, lead: Topic, names: TopicNames) throws(LogError) -> [DescribedMember]? {
    var members: [DescribedMember]?
    try ask(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, doing: "describing group \(name)") { options, queue in
      name.withCString {
        var groups: [UnsafePointer<CChar>?] = [$0]
        rd_kafka_DescribeConsumerGroups(handle, &groups, 1, options, queue)
      }
    } reading: { (event) throws(LogError) in
      members = try DescribedMember.all(in: event, lead: lead, names: names)
    }
    return members
  }

  private func ask(
    _ operation: rd_kafka_admin_op_t, doing what: String,
    _ request: (_ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void,
    reading answer: (_ event: OpaquePointer) throws(LogError) -> Void
  ) throws(LogError) {
    let options = rd_kafka_AdminOptions_new(handle, operation)
    defer { rd_kafka_AdminOptions_destroy(options) }
    Self.letWait(options)
    let queue = rd_kafka_queue_new(handle)
    defer { rd_kafka_queue_destroy(queue) }
    request(options, queue)
    guard let event = rd_kafka_queue_poll(queue, Deadline.request.remaining) else {
      throw LogError(RD_KAFKA_RESP_ERR__TIMED_OUT, doing: what)
    }
    defer { rd_kafka_event_destroy(event) }
    let error = rd_kafka_event_error(event)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw LogError(error, "\(what): \(String(cString: rd_kafka_event_error_string(event)))")
    }
    try answer(event)
  }

  /// Gives a request the longest timeout that librdkafka allows, an hour, so that it never expires while the client lives.
  /// librdkafka (2.0 to 2.15 at least) frees a request twice if it expires before the group's coordinator could be reached:
  /// once the coordinator is reachable, the process crashes or librdkafka's main thread hangs.
  static func letWait(_ options: OpaquePointer?) {
    var message = [CChar](repeating: 0, count: 512)
    _ = rd_kafka_AdminOptions_set_request_timeout(options, 3_600_000, &message, message.count)
  }
}
