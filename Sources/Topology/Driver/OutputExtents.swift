import Contract
import EventLog

/// The minimum offset ranges of the output topics. Offsets only grow, so a compacted topic that starts later, or any topic that
/// ends earlier than before, was truncated, or deleted and recreated.
package struct OutputExtents: Sendable, Equatable {
  /// Start and end offsets, each summed over the topic's partitions.
  package struct Extent: Sendable, Equatable {
    package var beginning: Int64 = 0
    package var end: Int64 = 0
  }

  package private(set) var extents: [Topic: Extent] = [:]

  package init() {}

  /// From the current offsets of the log.
  package init(beginnings: Positions, ends: Positions) {
    for (partition, offset) in beginnings { extents[partition.topic, default: Extent()].beginning += offset }
    for (partition, offset) in ends { extents[partition.topic, default: Extent()].end += offset }
  }

  /// The extents once `outputs` are written; each record takes one offset.
  package func adding(_ outputs: OutputBatch) -> OutputExtents {
    var grown = self
    for topic in extents.keys { grown.extents[topic]?.end += Int64(outputs.count(of: topic)) }
    return grown
  }

  /// The encoding in commit notes.
  package var noted: [CommitNote.Extent] {
    extents.map { topic, extent in
      var message = CommitNote.Extent()
      message.topic = topic.name
      message.beginning = extent.beginning
      message.end = extent.end
      return message
    }.sorted { $0.topic < $1.topic }
  }

  /// The topics that have less than an earlier owner of the task noted, in order of the topics. A later start counts as a loss
  /// only in compacted topics.
  package func lost(since note: CommitNote) -> [Topic] {
    note.outputs.compactMap { noted in
      guard let topic = Topic(name: noted.topic), let found = extents[topic] else { return nil }
      let isTruncated = topic.isCompacted && found.beginning > noted.beginning
      return found.end < noted.end || isTruncated ? topic : nil
    }.sorted { $0.rawValue < $1.rawValue }
  }
}
