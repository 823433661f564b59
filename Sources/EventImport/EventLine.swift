import Contract

/// One line of an NDJSON file of events, not yet decoded: `{"topic": …, "value": …, "timestamp": …}`.
package struct EventLine {
  package var topic: Topic
  /// A JSON value within the line.
  package var value: UnsafeRawBufferPointer
  /// The record's timestamp, in milliseconds since 1970 UTC; nil for now.
  package var timestamp: Int64?

  /// What is wrong with a line.
  package struct Fault: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
  }

  package init(_ line: UnsafeRawBufferPointer) throws {
    var json = JSONReader(line)
    var topic: Topic?
    var value: UnsafeRawBufferPointer?
    try json.beginObject()
    while let key = try json.nextKey() {
      if key == "topic" {
        guard topic == nil else { throw Fault("\"topic\" is given twice") }
        topic = try Self.inputTopic(try json.string())
      } else if key == "value" {
        guard value == nil else { throw Fault("\"value\" is given twice") }
        value = try json.value()
      } else if key == "timestamp" {
        guard timestamp == nil else { throw Fault("\"timestamp\" is given twice") }
        timestamp = try Self.milliseconds(try json.string())
      } else {
        _ = try json.value()
      }
    }
    try json.end()
    guard let topic else { throw Fault("no \"topic\"") }
    guard let value else { throw Fault("no \"value\"") }
    (self.topic, self.value) = (topic, value)
  }

  private static func inputTopic(_ name: JSONString) throws(Fault) -> Topic {
    // Without a copy of the name, since this is done for every line.
    let found = name.withUTF8Bytes { utf8 in
      Topic.inputs.first { BorrowedText(validUTF8: utf8) == $0.name }
    }
    guard let found else { throw Fault("\"\(name.string)\" is no input topic") }
    return found
  }

  private static func milliseconds(_ text: JSONString) throws(Fault) -> Int64 {
    guard let time = text.withUTF8Bytes({ Timestamp(rfc3339: $0) }) else {
      throw Fault("timestamp \"\(text.string)\" is not an instant such as 2026-11-05T10:20:30Z")
    }
    return time.seconds * 1000 + Int64(time.nanos) / 1_000_000
  }
}
