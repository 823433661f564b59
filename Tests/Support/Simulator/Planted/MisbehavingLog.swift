import Contract
import EventLog
import Topology

/// A log that makes the drivers on it break rules.
final class MisbehavingLog: ForwardingLog {
  let log: any EventLog
  private let misbehavior: Misbehavior

  init(_ log: any EventLog, _ misbehavior: Misbehavior) {
    self.log = log
    self.misbehavior = misbehavior
  }

  func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    MisbehavingMember(try log.join(group, as: identity), of: log, misbehavior)
  }

  func notes(
    _ partitions: [TopicPartition], of group: String
  ) throws(LogError) -> [TopicPartition: String] {
    let notes = try log.notes(partitions, of: group)
    guard misbehavior.contains(.overlooksLostOutputs) else { return notes }
    return notes.edited { note, _ in note.outputs = [] }
  }

  func reader(from positions: Positions) throws(LogError) -> any PartitionReader {
    // A task that has no checkpoint begins everywhere at 0.
    let isTail = positions.contains { $0.key.topic != .taskCheckpoints && $0.value > 0 }
    guard misbehavior.contains(.leavesOutWhatCameSince), isTail else {
      return try log.reader(from: positions)
    }
    return LeavingReader(positions: try log.ends(Array(positions.keys)))
  }
}

/// Says that it has read all, and hands out nothing.
private final class LeavingReader: PartitionReader {
  let positions: Positions

  init(positions: Positions) { self.positions = positions }

  func poll(timeout: Int32, _ body: (UnsafeBufferPointer<Record>) -> Void) throws(LogError) {}
}

extension [TopicPartition: String] {
  /// Commit notes, with something else in them.
  func edited(_ edit: (inout CommitNote, TopicPartition) -> Void) -> Self {
    var edited = self
    for (partition, text) in self {
      guard var note = try? CommitNote(text, of: partition) else { continue }
      edit(&note, partition)
      edited[partition] = note.text
    }
    return edited
  }

  /// Whether outputs may already reflect more than what is committed with them: it is not the last transaction with a drain.
  var reflectMore: Bool {
    contains { partition, text in (try? CommitNote(text, of: partition))?.spoken.isEmpty == false }
  }
}
