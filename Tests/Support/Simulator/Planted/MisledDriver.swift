import Contract
import EventLog
import Topology

/// A driver that is led to do things at wrong moments.
protocol MisledDriver: GroupListener {
  var taskNumbers: [Int32] { get }
  var completingTasks: [Int32] { get }
  var skipsRecords: Bool { get }
  /// Whether its tasks hold as much as a commit should.
  var isFull: Bool { get }
  /// Whether more is to be taken out of its tasks, which trap if they are given records meanwhile.
  var isTakenOutInParts: Bool { get }
  /// What is being written: its positions, whether this is the last transaction with it, and the tasks that publish all again.
  var drained: (positions: Positions, publishingAgain: [Int32])? { get }

  func readPosition(of partition: TopicPartition) -> Int64?
  /// Tasks that publish all again, and have not begun to.
  func publishAgain(among tasks: [Int32]) -> [Int32]
  /// Gives records to their task, whatever its positions.
  func apply(_ run: UnsafeBufferPointer<Record>)
  func take(_ records: UnsafeBufferPointer<Record>)
  func noteEnd(of partition: TopicPartition, at offset: Int64)
  func writeAll(_ member: any GroupMember, turns: Bool)
  /// Writes the manifest if all chunks are written.
  func completeCheckpoint(_ member: any GroupMember)
  /// Adds what a later transaction with the same drain writes once to the first one.
  func addRefused(to outputs: inout OutputBatch)
}

extension StageDriver: MisledDriver {
  var taskNumbers: [Int32] { machine.taskNumbers }

  var completingTasks: [Int32] { machine.completingTasks }

  var isFull: Bool { machine.heldBytes >= policy.maxHeldBytes }

  var isTakenOutInParts: Bool { writing?.drain.isLastPart == false }

  var drained: (positions: Positions, publishingAgain: [Int32])? {
    writing.map { ($0.drain.positions, $0.drain.publishingAgain) }
  }

  func readPosition(of partition: TopicPartition) -> Int64? {
    machine.positions(of: partition.partition)?.read[partition]
  }

  func publishAgain(among tasks: [Int32]) -> [Int32] {
    guard writing == nil else { return [] }
    let reading = Set(machine.reads.keys.map(\.partition))
    return machine.completingTasks.filter {
      tasks.contains($0) && !reading.contains($0) && mustPublishAgain($0)
    }
  }

  func apply(_ run: UnsafeBufferPointer<Record>) {
    guard !isTakenOutInParts, let number = run.first?.topicPartition.partition else { return }
    try? machine.task(number)?.apply(run)
  }

  func completeCheckpoint(_ member: any GroupMember) {
    if let taken = checkpointInProgress, taken.end != nil, taken.pending.isEmpty { _ = writeManifest(member) }
  }

  func addRefused(to outputs: inout OutputBatch) {
    guard let writing, writing.written == 0, outputs.count < writing.drain.outputs.count else { return }
    writing.drain.outputs.forEach { record in
      guard record.topic == .rejectedEvents else { return }
      outputs.append(
        record.topic, partition: record.partition, key: record.key, value: record.value,
        carried: record.headers)
    }
  }
}
