import Contract
import EventLog
import Indicators
import SQLiteLog
import SnapshotView
import Synchronization
import Topology

/// Checks the log that a command works on.
struct LogCheck {
  let needs: CommandNeeds
  /// Nil if the command needs none, or if it cannot be read.
  let catalog: Catalog?
  /// Nil if the command writes no results, or if the registry does not answer.
  let plan: OutputPlan?
  let command: String

  /// Milliseconds to wait for the first records of a topic. A broker denies access sooner.
  private static let readTimeout: Int32 = 1_000

  func run(_ list: inout CheckList, _ console: Console) throws {
    let warnings = Warnings()
    guard let first = try open(&list, warnings, console) else { return }
    let generations = try list.attempt("generations", remedy: remedy) {
      let generations = try GenerationReader(first).generations
      return (generations, "\(generations.served) is served")
    }
    guard let generations else { return try skip(&list, "topics and groups") }
    let opened = try list.attempt("generation", remedy: remedy) {
      let wanted = needs.continues ? try needs.log.generation.map(generations.toServe) : nil
      let generation = wanted ?? generations.served
      return (try connect(generation, warnings, console), "\(generation)")
    }
    guard let eventLog = opened else { return try skip(&list, "topics and groups") }
    var counts: [Topic: Int32] = [:]
    for topic in needs.topics where eventLog.topics.contains(topic) {
      let found = try list.attempt("topic \(name(of: topic, eventLog))", remedy: remedy) {
        let count = try eventLog.checkTopics([topic])[topic] ?? 0
        return (count, counted(Int(count), "partition"))
      }
      counts[topic] = found
      for warning in warnings.take() { try list.note(.warning, "topic", warning) }
    }
    try checkDefinition(counts, generations, eventLog, &list)
    if needs.continues { try checkSchemas(eventLog.generation, &list) }
    if needs.log.bootstrapServers != nil { try checkRights(counts, eventLog, &list) }
  }

  private func open(
    _ list: inout CheckList, _ warnings: Warnings, _ console: Console
  ) throws -> (any EventLog)? {
    let log = try list.attempt("log", remedy: remedy) {
      try needs.log.checkExists()
      let log = try connect(.first, warnings, console)
      return (log, "\(needs.log.place), \(try log.identity())")
    }
    if log == nil { try skip(&list, "generations, topics and groups") }
    return log
  }

  private func connect(
    _ generation: Generation, _ warnings: Warnings, _ console: Console
  ) throws(LogError) -> any EventLog {
    try needs.log.connect(.reading, generation, console, warn: { warnings.add($0) })
  }

  private func skip(_ list: inout CheckList, _ subject: String) throws {
    try list.note(.skipped, subject, "they depend on what is wrong above")
  }

  private func checkDefinition(
    _ counts: [Topic: Int32], _ generations: Generations, _ eventLog: any EventLog, _ list: inout CheckList
  ) throws {
    guard Topic.inputs.allSatisfy({ counts[$0] != nil }) else {
      return try list.note(.skipped, "partition counts", "topics are missing")
    }
    let partitions = try list.attempt("partition counts", remedy: remedy) {
      let partitions = try PartitionCounts(counts)
      let count = partitions[Topic.inputs[0]]
      try generations.checkInputs(partitions: UInt32(count))
      return (partitions, "\(count) for all inputs")
    }
    guard let partitions, let catalog, needs.continues else { return }
    guard !needs.computes || ResultDefinition.outputTopics.allSatisfy({ counts[$0] != nil }) else { return }
    _ = try list.attempt("definition of the result") {
      try generations.check(
        eventLog.generation,
        needs.computes
          ? needs.output?.apply(to: partitions.definition(catalog)) ?? partitions.definition(catalog)
          : partitions.readersDefinition(catalog))
      return ((), generations.record(of: eventLog.generation)?.definition == nil ? "none yet" : "the same")
    }
  }

  /// Checks that the registry has the schemas of results, or would accept them.
  private func checkSchemas(_ generation: Generation, _ list: inout CheckList) throws {
    guard let plan, plan.format.isFramed else { return }
    _ = try list.attempt("schemas of results") {
      ((), try plan.checkSchemas(of: generation, prefix: needs.log.topicPrefix ?? ""))
    }
  }

  private func checkRights(
    _ counts: [Topic: Int32], _ eventLog: any EventLog, _ list: inout CheckList
  ) throws {
    for topic in needs.reads {
      guard let count = counts[topic] else { continue }
      _ = try list.attempt("reading \(name(of: topic, eventLog))", remedy: remedy) {
        let partitions = (0..<count).map { TopicPartition(topic, $0) }
        let (beginnings, ends) = (try eventLog.beginnings(partitions), try eventLog.ends(partitions))
        var starts: Positions = [:]
        for partition in partitions {
          starts[partition] = max(beginnings[partition] ?? 0, (ends[partition] ?? 0) - 1)
        }
        try eventLog.reader(from: starts).poll(timeout: Self.readTimeout) { _ in }
        return ((), "allowed")
      }
    }
    let lead = TopicPartition(Topic.inputs[0], 0)
    for group in needs.groups(eventLog.generation) where counts[lead.topic] != nil {
      _ = try list.attempt("group \(needs.log.topicPrefix ?? "")\(group)", remedy: remedy) {
        let offset = try eventLog.committed([lead], of: group)[lead]
        return ((), offset == nil ? "allowed; it has committed nothing" : "allowed; it has committed offsets")
      }
    }
    try list.note(
      .skipped, "writing",
      "only writing itself would tell whether it is allowed; docs/RIGHTS.md lists the permissions of `\(command)`"
    )
  }

  private func name(of topic: Topic, _ eventLog: any EventLog) -> String {
    (needs.log.bootstrapServers == nil ? "" : needs.log.topicPrefix ?? "")
      + topic.name(in: eventLog.generation)
  }

  /// What to do about an error, if its text does not say so.
  private func remedy(_ error: any Error) -> String? {
    guard let error = error as? LogError else { return nil }
    if error.code.contains("AUTHORIZATION") {
      return "grant what docs/RIGHTS.md lists for `\(command)`"
    }
    if error.code == "INVALID_CONFIG" { return "change the setting with kafka-configs.sh" }
    if error.code == "PARTITIONS" { return "use `topics copy`" }
    if error.kind == .retriable, needs.log.bootstrapServers != nil {
      return
        "check that the brokers are up, and that --bootstrap-servers and the properties for TLS and SASL suit them"
    }
    return nil
  }
}

/// Collects warnings about topics. Thread-safe.
final class Warnings: Sendable {
  private let texts = Mutex<[String]>([])

  func add(_ text: String) { texts.withLock { $0.append(text) } }

  func take() -> [String] {
    texts.withLock { texts in
      defer { texts = [] }
      return texts
    }
  }
}
