import Contract
import EventLog

/// Looks schemas of events up in a schema registry.
package protocol InputSchemas: Sendable {
  /// Whether the registry has a schema with this id, of type JSON or protobuf as `isJSON` says. Blocks during a request. Throws
  /// a `retriable` error if the registry does not answer.
  func isKnown(_ id: UInt32, isJSON: Bool) throws(LogError) -> Bool
}

extension InputSchemas {
  /// The indexes of the records whose schema id the registry does not have, ascending.
  func unknown(in run: UnsafeBufferPointer<Record>) throws(LogError) -> [Int] {
    var unknown: [Int] = []
    // Consecutive records almost always have the same schema.
    var known: ConfluentFrame?
    for (index, record) in run.enumerated() {
      guard let frame = record.value.flatMap(ConfluentFrame.init), frame != known else { continue }
      if try isKnown(frame.id, isJSON: frame.isJSON) { known = frame } else { unknown.append(index) }
    }
    return unknown
  }
}
