import Contract
import EventLog

/// What the notes of all tasks of a stage tell of lost outputs.
///
/// A topic that was made anew soon holds as much as one task has noted of the old one, if others write to it. So whoever first
/// notices a loss notes that there was one more before anything is written again, and each task notes up to which loss it has
/// written all that is missing.
package struct OutputLosses: Sendable {
  private let notes: [CommitNote]
  /// How many are known.
  package let known: Int64

  package init(_ notes: some Sequence<CommitNote>) {
    self.notes = Array(notes)
    known = self.notes.map(\.losses).max() ?? 0
  }

  /// The topics that lost something which nobody has noticed: less is there than a task noted that has made up for the `known`
  /// losses. `found` must have been asked for after these notes, and is in order of the topics.
  package func unnoticed(in found: OutputExtents, known: Int64) -> [Topic] {
    let lost = notes.filter { $0.repaired >= known }.flatMap(found.lost)
    return Set(lost).sorted { $0.rawValue < $1.rawValue }
  }

  /// Whether every task has made up for all losses.
  package var areRepaired: Bool { notes.allSatisfy { $0.repaired >= known } }
}

extension EventLog {
  /// What the owners of a stage's tasks last left with committed positions. `leads` are the tasks' partitions of the topic that
  /// leads.
  package func commitNotes(_ leads: [TopicPartition], of group: String) throws(LogError) -> [CommitNote] {
    var notes: [CommitNote] = []
    for (partition, text) in try self.notes(leads, of: group) {
      notes.append(try CommitNote(text, of: partition))
    }
    return notes
  }

  /// What there is of these partitions now.
  package func extents(of partitions: [TopicPartition]) throws(LogError) -> OutputExtents {
    OutputExtents(beginnings: try beginnings(partitions), ends: try ends(partitions))
  }
}
