import Contract
import EventLog

/// The losses of outputs, according to the commit notes of all tasks of a stage.
///
/// A recreated topic soon has as many records as one task noted for the old one, if other tasks write to it. So the first task
/// that detects a loss commits an incremented number of losses before anything is republished, and each task notes up to which
/// loss it has republished its result.
package struct OutputLosses: Sendable {
  private let notes: [CommitNote]
  /// The number of known losses.
  package let known: Int64

  package init(_ notes: some Sequence<CommitNote>) {
    self.notes = Array(notes)
    known = self.notes.map(\.losses).max() ?? 0
  }

  /// The topics with a loss that is not known yet: they have less than noted by a task that has repaired all `known` losses.
  /// `found` must have been queried after these notes, and is in order of the topics.
  package func unnoticed(in found: OutputExtents, known: Int64) -> [Topic] {
    let lost = notes.filter { $0.repaired >= known }.flatMap(found.lost)
    return Set(lost).sorted { $0.rawValue < $1.rawValue }
  }

  /// Whether every task has repaired all losses.
  package var areRepaired: Bool { notes.allSatisfy { $0.repaired >= known } }
}

extension EventLog {
  /// The commit notes of a stage's tasks, given their partitions of the lead topic.
  package func commitNotes(_ leadPartitions: [TopicPartition], of group: String) throws(LogError)
    -> [CommitNote]
  {
    var notes: [CommitNote] = []
    for (partition, text) in try self.notes(leadPartitions, of: group) {
      notes.append(try CommitNote(text, of: partition))
    }
    return notes
  }

  /// The current extents of these partitions.
  package func extents(of partitions: [TopicPartition]) throws(LogError) -> OutputExtents {
    OutputExtents(beginnings: try beginnings(partitions), ends: try ends(partitions))
  }
}
