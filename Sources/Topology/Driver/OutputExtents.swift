import Contract
import EventLog

/// What the log holds of output topics at least: offsets only grow, so a topic that begins later or ends earlier than it once
/// did was truncated, or lost and made anew.
package struct OutputExtents: Sendable, Equatable {
  /// First and end offsets, each added up over the topic's partitions.
  package struct Extent: Sendable, Equatable {
    package var beginning: Int64 = 0
    package var end: Int64 = 0
  }

  package private(set) var extents: [Topic: Extent] = [:]

  package init() {}

  /// As the log tells.
  package init(beginnings: Positions, ends: Positions) {
    for (partition, offset) in beginnings { extents[partition.topic, default: Extent()].beginning += offset }
    for (partition, offset) in ends { extents[partition.topic, default: Extent()].end += offset }
  }

  /// What there is once `outputs` are written too: each record takes an offset.
  package func adding(_ outputs: OutputBatch) -> OutputExtents {
    var grown = self
    for topic in extents.keys { grown.extents[topic]?.end += Int64(outputs.count(of: topic)) }
    return grown
  }

  /// The form in which they are noted.
  package var noted: [CommitNote.Extent] {
    extents.map { topic, extent in
      var message = CommitNote.Extent()
      message.topic = topic.name
      message.beginning = extent.beginning
      message.end = extent.end
      return message
    }.sorted { $0.topic < $1.topic }
  }

  /// The topics of which less is there than an earlier owner of the task has noted. Only of a compacted topic may nobody
  /// delete the beginning. In order of the topics.
  package func lost(since note: CommitNote) -> [Topic] {
    note.outputs.compactMap { noted in
      guard let topic = Topic(name: noted.topic), let found = extents[topic] else { return nil }
      let isTruncated = topic.isCompacted && found.beginning > noted.beginning
      return found.end < noted.end || isTruncated ? topic : nil
    }.sorted { $0.rawValue < $1.rawValue }
  }
}
