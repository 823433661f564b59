import Contract
import EventLog
import FoundationEssentials

/// A record of `rejected-events`, split into what the producer wrote and what the aggregator added.
struct RejectedEvent {
  let reason: String
  /// The name of its input topic.
  let topic: String
  private let record: Record
  /// The producer's headers.
  private let headers: ArraySlice<Header>
  /// The aggregator's headers, by name.
  private let notes: [String: String]

  /// Nil for a record that the aggregator did not write.
  init?(_ record: Record) {
    let all = record.headers.map(Header.init)
    // The aggregator's headers come last, and start with the last `reason`.
    guard let start = all.lastIndex(where: { $0.name.elementsEqual("reason".utf8) }) else { return nil }
    var notes: [String: String] = [:]
    for header in all[start...] {
      notes[String(decoding: header.name, as: UTF8.self)] = String(
        decoding: header.value ?? [], as: UTF8.self)
    }
    guard let reason = notes["reason"], let topic = notes["topic"] else { return nil }
    (self.record, self.reason, self.topic, self.notes) = (record, reason, topic, notes)
    headers = all[..<start]
  }

  /// Writes the members of a JSON object.
  func write(to json: inout JSONWriter) {
    json.key("reason")
    json.string(reason)
    if let detail = notes["detail"] {
      json.key("detail")
      json.string(detail)
    }
    json.key("topic")
    json.string(topic)
    for name in ["partition", "offset"] {
      json.key(name)
      json.write(notes[name].flatMap { Int64($0) })
    }
    json.key("timestamp")
    let time = notes["timestamp"].flatMap { Int64($0) } ?? record.timestamp
    if let text = time.flatMap({ Timestamp(milliseconds: $0).rfc3339 }) {
      json.string(text)
    } else {
      json.null()
    }
    json.write(record.key, as: "key")
    writeValue(to: &json)
    json.key("headers")
    json.beginArray()
    for header in headers {
      json.beginObject()
      header.withBorrowed {
        json.write($0.name, as: "name")
        json.write($0.value, as: "value")
      }
      json.endObject()
    }
    json.endArray()
    writeTruncation(to: &json)
    json.key("rejected")
    json.beginObject()
    json.key("partition")
    json.number(record.partition)
    json.key("offset")
    json.number(record.offset)
    json.endObject()
  }

  /// The truncated parts, each with its original size in bytes, or its original number of headers.
  private var truncation: [(part: String, whole: Int64)] {
    (notes["truncated"] ?? "").split(separator: ",").compactMap { entry in
      let parts = entry.split(separator: "=")
      guard parts.count == 2, let whole = Int64(parts[1]) else { return nil }
      return (String(parts[0]), whole)
    }
  }

  /// Writes the value as an event if it can be decoded, otherwise as text or bytes.
  private func writeValue(to json: inout JSONWriter) {
    if let value = record.value, !truncation.contains(where: { $0.part == "value" }),
      let topic = Topic(name: topic)
    {
      var event = JSONWriter()
      if topic.write(value, to: &event) {
        json.key("value")
        return event.bytes.withUnsafeBytes { json.raw($0) }
      }
    }
    json.write(record.value, as: "value", text: "value_text")
  }

  private func writeTruncation(to json: inout JSONWriter) {
    guard notes["truncated"] != nil else { return }
    json.key("truncated")
    json.beginObject()
    for (part, whole) in truncation {
      json.key(part)
      json.number(whole)
    }
    json.endObject()
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ number: Int64?) {
    if let number { self.number(number) } else { null() }
  }

  /// Writes bytes as a member: null if there are none; as text if they are printable UTF-8, under the name `text` if that is
  /// given; otherwise in base 64, under the name with the suffix "_base64".
  fileprivate mutating func write(_ bytes: UnsafeRawBufferPointer?, as name: String, text: String? = nil) {
    guard let bytes else {
      key(name)
      return null()
    }
    if let readable = String(validating: bytes, as: UTF8.self),
      readable.unicodeScalars.allSatisfy(\.isPrintable)
    {
      key(text ?? name)
      string(readable)
    } else {
      key("\(name)_base64")
      string(Data(bytes).base64EncodedString())
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isPrintable: Bool {
    properties.generalCategory != .control || self == "\n" || self == "\t" || self == "\r"
  }
}
