import Contract
import EventLog
import Indicators

/// The maximum sizes of records that the program may write to its topics for any accepted events. Brokers must accept them.
///
/// They follow from the length limits of texts (`EventLimits`, which also apply to the catalog), the number of months that
/// contributions are kept for, and the encoding. In protobuf a number takes at most ten bytes, a text or message at most four
/// bytes more than its content. In JSON a number takes at most 24 bytes, a byte of a text at most six (`\u001f`).
package enum LargestOutput {
  private static let number = 10
  private static let text = 4
  /// In bytes: "product|workload|country".
  private static let cellKey = 2 * EventLimits.id + 4
  private static let cell = 2 * (text + EventLimits.id) + text + 2
  private static let partner = text + EventLimits.id
  private static let time = text + 2 * (1 + number)
  private static let components = Component.allCases.count * (1 + number)

  /// The bytes that the wire format of a schema registry puts before a value.
  private static let frame = 5 + 2 * number

  /// Bytes of key and value of a record of `topic`.
  package static func size(of topic: Topic, as format: OutputFormat = .protobuf) -> Int {
    switch topic {
    case .partnerPartials: max(contribution, enrolment)
    case .indicatorSnapshots: (format.isJSON ? jsonSnapshot : snapshot) + (format.isFramed ? frame : 0)
    case .indicatorScales: (format.isJSON ? jsonScale : scale) + (format.isFramed ? frame : 0)
    case .rejectedEvents: RefusedRecord.leastRoom
    default: 0
    }
  }

  /// A row for each month from the oldest that is kept to the last in which an exam pass may expire.
  private static var contribution: Int {
    let key = 11 + EventLimits.id + 1 + cellKey
    let row = text + 1 + number + components
    return key + 2 * number + time + partner + text + cell + EntityState.longestContribution * row
  }

  /// The worst case: eligible in every other month, from the year 2000 to the year 9999.
  private static var enrolment: Int {
    let range = text + 2 * (1 + 4)
    return 10 + EventLimits.id + 2 * number + time + partner + (9999 - 1999) * 12 / 2 * range
  }

  private static var snapshot: Int {
    let key = EventLimits.id + 1 + cellKey + 8
    let indicator = text + 2 * (1 + 8) + 2 * (1 + number)
    return key + partner + text + cell + text + 7 + IndicatorKind.allCases.count * indicator + text
      + components
      + time
  }

  private static var scale: Int {
    let bar = text + 2 * (1 + number) + 2 * (1 + 8)
    let indicator = text + text + 32 + 1 + number + 4 * bar
    return cellKey + 8 + text + cell + text + 7 + IndicatorKind.allCases.count * indicator
  }

  private static let jsonNumber = 24
  private static let jsonByte = 6
  /// An upper bound for a field's name with its quotes, colon and comma.
  private static let jsonName = 36
  private static let jsonCell = 4 * jsonName + jsonByte * (2 * EventLimits.id + 2)

  private static var jsonSnapshot: Int {
    let key = EventLimits.id + 1 + cellKey + 8
    let indicator = jsonName + 4 * (12 + jsonNumber)
    return key + 5 * jsonName + jsonByte * EventLimits.id + jsonCell
      + IndicatorKind.allCases.count * indicator + Component.allCases.count * (jsonName + jsonNumber)
  }

  private static var jsonScale: Int {
    let bar = 4 * (12 + jsonNumber)
    let indicator = 4 * jsonName + jsonNumber + 4 * bar
    return cellKey + 8 + 3 * jsonName + jsonCell + IndicatorKind.allCases.count * indicator
  }
}

extension EventLog {
  /// Throws an `unusable` error that names an output topic to which the largest record could not be written.
  package func requireRoomForOutputs(_ encoding: ResultEncoding = .protobuf) throws(LogError) {
    for topic in Topic.outputs {
      let (largest, needed) = (
        try largestRecord(of: topic), LargestOutput.size(of: topic, as: encoding.format)
      )
      guard largest < needed else { continue }
      throw LogError(
        .unusable, code: "RECORDS_TOO_SMALL",
        "topic \(topic.name(in: generation)) must accept records of \(needed) bytes, but the limit is \(largest): raise its "
          + "max.message.bytes, or the Kafka properties message.max.bytes and queue.buffering.max.kbytes")
    }
  }
}
