import Contract
import EventLog

/// Tells which schemas a registry has.
package protocol InputSchemas: Sendable {
  /// Whether there is a schema of this id, and whether it is one for JSON or for protobuf. Blocks while it asks. Throws a
  /// `retriable` error if the registry does not answer now.
  func isKnown(_ id: UInt32, isJSON: Bool) throws(LogError) -> Bool
}

extension InputSchemas {
  /// The indexes of those records that name a schema which is not known.
  func unknown(in run: UnsafeBufferPointer<Record>) throws(LogError) -> [Int] {
    var unknown: [Int] = []
    // Almost always that of the record before.
    var known: ConfluentFrame?
    for (index, record) in run.enumerated() {
      guard let frame = record.value.flatMap(ConfluentFrame.init), frame != known else { continue }
      if try isKnown(frame.id, isJSON: frame.isJSON) { known = frame } else { unknown.append(index) }
    }
    return unknown
  }
}
