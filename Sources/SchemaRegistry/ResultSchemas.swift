import Contract

/// The schemas of a result, and the subjects that they have in a registry.
package struct ResultSchemas: Sendable {
  private let format: OutputFormat
  private let snapshot: Schema
  private let scale: Schema

  /// Nil for a format without schema ids.
  package init?(_ format: OutputFormat) {
    guard format.isFramed else { return nil }
    self.format = format
    if format.isJSON {
      snapshot = Schema(type: .json, text: IndicatorSnapshot.jsonSchema(title: "IndicatorSnapshot"))
      scale = Schema(type: .json, text: IndicatorScale.jsonSchema(title: "IndicatorScale"))
    } else {
      snapshot = Schema(type: .protobuf, text: Self.protobuf)
      scale = snapshot
    }
  }

  package var type: SchemaType { snapshot.type }

  /// The encoding whose frames hold the ids that `id` finds for each schema under its subject: that of the values of a topic.
  /// `topicName` gives the full name of a topic.
  package func encoding<E: Error>(
    topicName: (Topic) -> String, id: (Schema, _ subject: String) throws(E) -> UInt32
  ) throws(E) -> ResultEncoding {
    ResultEncoding(
      format,
      snapshotFrame: frame(
        of: try id(snapshot, "\(topicName(.indicatorSnapshots))-value"), "IndicatorSnapshot"),
      scaleFrame: frame(of: try id(scale, "\(topicName(.indicatorScales))-value"), "IndicatorScale"))
  }

  private func frame(of id: UInt32, _ message: String) -> [UInt8] {
    format.isJSON
      ? ConfluentFrame.bytes(schema: id)
      : ConfluentFrame.bytes(schema: id, message: Self.index(of: message))
  }

  private static let protobuf = String(decoding: PackageResources.snapshots_proto, as: UTF8.self)

  /// Among the messages that the schema defines at its top.
  private static func index(of message: String) -> Int {
    let names = protobuf.split(separator: "\n").filter { $0.hasPrefix("message ") }
      .map { $0.dropFirst("message ".count).prefix { $0 != " " } }
    guard let index = names.firstIndex(where: { $0 == message }) else {
      preconditionFailure("the schema has no message \(message)")
    }
    return index
  }
}
