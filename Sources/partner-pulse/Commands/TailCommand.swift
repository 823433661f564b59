import Contract
import EventLog
import SQLiteLog
import SnapshotView

/// `tail`
struct TailCommand: Command {
  var log = LogSettings()
  var partners: [String] = []
  var fromBeginning = false

  static let words = ["tail"]
  static let summary = "follow the result as it is published"
  static let description = """
    Prints a line for each record of the result as it arrives: {"snapshot": …}, {"scale": …}, or
    {"removed": {"key": …, "topic": …}}, each with its partition, offset and timestamp, until SIGINT. Scales
    belong to no partner, so --partner omits them. It does not follow a switch to another generation.
    """
  static var options: [Option<Self>] {
    LogSettings.options(\.log) + [
      LogSettings.generationOption(\.log),
      .values("partner", "P", "only this partner; repeatable", \.partners, .text),
      .flag("from-beginning", "start with the oldest record instead of the next new one", \.fromBeginning),
    ]
  }

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    let log = try log.open(.reading, console)
    let interruption = Interruption(console)
    let reader = try log.reader(PublicationReader.topics, from: fromBeginning ? .beginning : .end)
    while !interruption.hasHappened, !console.isOutputClosed {
      var outcome = Result<Void, any Error>.success(())
      _ = try reader.poll(timeout: 200) { records in
        outcome = Result { for record in records { try print(record, console) } }
      }
      try outcome.get()
      try console.flush()
    }
  }

  private func print(_ record: Record, _ console: Console) throws {
    let publication: Publication?
    do throws(DecodingError) {
      publication = try Publication(record)
    } catch {
      return console.log(
        .warning, "\(record.topicPartition) offset \(record.offset) cannot be read: \(error)",
        LogFields(record))
    }
    guard let publication, isWanted(publication) else { return }
    try console.writeLine { json in
      publication.write(to: &json)
      json.key("partition")
      json.number(record.partition)
      json.key("offset")
      json.number(record.offset)
      json.key("timestamp")
      if let time = record.timestamp.flatMap({ Timestamp(milliseconds: $0).rfc3339 }) {
        json.string(time)
      } else {
        json.null()
      }
    }
  }

  private func isWanted(_ publication: Publication) -> Bool {
    if partners.isEmpty { return true }
    switch publication {
    case .snapshot(let snapshot): return partners.contains(where: snapshot.partnerID.hasSameUTF8)
    case .removedSnapshot(let key): return partners.contains(where: key.partnerID.hasSameUTF8)
    case .scale, .removedScale: return false
    }
  }
}

extension Publication {
  /// Writes the publication as a member of a JSON object.
  fileprivate func write(to json: inout JSONWriter) {
    switch self {
    case .snapshot(let snapshot):
      json.key("snapshot")
      snapshot.writeResult(to: &json)
    case .scale(let scale):
      json.key("scale")
      scale.writeResult(to: &json)
    case .removedSnapshot(let key):
      let name = IndicatorSnapshot.key(partnerID: key.partnerID, cell: key.cell, month: key.month)
      Self.writeRemoval(of: name, from: .indicatorSnapshots, to: &json)
    case .removedScale(let key):
      Self.writeRemoval(
        of: IndicatorScale.key(cell: key.cell, month: key.month), from: .indicatorScales, to: &json)
    }
  }

  private static func writeRemoval(of key: String, from topic: Topic, to json: inout JSONWriter) {
    json.key("removed")
    json.beginObject()
    json.key("key")
    json.string(key)
    json.key("topic")
    json.string(topic.name)
    json.endObject()
  }
}
