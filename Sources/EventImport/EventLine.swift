import Contract

/// One line of an NDJSON file of events, not yet decoded: `{"topic": …, "value": …, "timestamp": …}`.
struct EventLine {
  var topic: Topic
  /// The bytes of a JSON value within the line, and their offset in the line.
  var value: UnsafeRawBufferPointer
  var valueOffset: Int
  /// The record's timestamp in milliseconds since 1970 UTC; nil for now.
  var timestamp: Int64?
  /// Names of members other than these three.
  var unknownMembers: [JSONString] = []

  static let memberNames = ["topic", "value", "timestamp"]

  /// Throws a `LineFault`, or a `DecodingError` whose offset counts from the start of the line.
  init(_ line: UnsafeRawBufferPointer) throws {
    var json = JSONReader(line)
    var topic: Topic?
    var value: UnsafeRawBufferPointer?
    func requireOnce(_ isFirst: Bool, _ key: JSONString) throws(LineFault) {
      guard isFirst else {
        throw LineFault("\"\(key.excerpt)\" is given more than once", at: json.offset(of: key), of: line)
      }
    }
    try json.beginObject()
    while let key = try json.nextKey() {
      if key == "topic" {
        try requireOnce(topic == nil, key)
        let name = try json.string()
        topic = Self.inputTopic(name)
        if topic == nil {
          throw LineFault("\"\(name.excerpt)\" is not an input topic", at: json.offset(of: name), of: line)
        }
      } else if key == "value" {
        try requireOnce(value == nil, key)
        value = try json.value()
      } else if key == "timestamp" {
        try requireOnce(timestamp == nil, key)
        let text = try json.string()
        do throws(LineFault) {
          timestamp = try Self.milliseconds(text)
        } catch {
          throw LineFault(error.description, at: json.offset(of: text), of: line)
        }
      } else {
        unknownMembers.append(key)
        _ = try json.value()
      }
    }
    try json.end()
    guard let topic else { throw LineFault("\"topic\" is missing") }
    guard let value, let start = value.baseAddress, let lineStart = line.baseAddress else {
      throw LineFault("\"value\" is missing")
    }
    self.topic = topic
    self.value = value
    valueOffset = start - lineStart
  }

  private static func inputTopic(_ name: JSONString) -> Topic? {
    // Without a copy of the name, since this is done for every line.
    name.withUTF8Bytes { utf8 in Topic.inputs.first { BorrowedText(validUTF8: utf8) == $0.name } }
  }

  private static func milliseconds(_ text: JSONString) throws(LineFault) -> Int64 {
    guard let time = text.withUTF8Bytes({ Timestamp(rfc3339: $0) }) else {
      throw LineFault("\"\(text.excerpt)\" is not a timestamp such as 2026-11-05T10:20:30Z")
    }
    let milliseconds = time.seconds * 1000 + Int64(time.nanos) / 1_000_000
    // In Kafka, a timestamp of -1 means that there is none.
    guard milliseconds > 0 else { throw LineFault("\"\(text.excerpt)\" is before 1970") }
    return milliseconds
  }
}

/// Why a line is not a valid event: what is wrong, at which byte of the line (from 0), and in which field.
package struct LineFault: Error, CustomStringConvertible {
  package let description: String

  /// About the line as a whole.
  init(_ what: String) { description = what }

  init(_ what: String, at offset: Int, of line: UnsafeRawBufferPointer) {
    let path = JSONReader.path(to: offset, in: line)
    description = "\(what) at byte \(offset)" + (path.isEmpty ? "" : ", in \(path)")
  }

  /// `offset` is the offset in the line of the text that `error` is about.
  init(_ error: DecodingError, at offset: Int = 0, of line: UnsafeRawBufferPointer) {
    self.init(error.reason.rawValue, at: offset + error.offset, of: line)
  }
}
