import Contract
import EventLog
import Foundation
import SQLiteLog

/// What is in the log that a program left behind.
enum LogContents {
  /// The distinct records of a topic, each its key and its value as JSON.
  static func records(of topic: Topic, in scratch: Scratch) throws -> Set<String> {
    let log = try SQLiteLog(
      path: scratch.url.appendingPathComponent("partner-pulse.db").path, access: .reading)
    var found: Set<String> = []
    _ = try log.readAll([topic], until: { false }) { records in
      for record in records {
        var json = JSONWriter()
        if let key = record.key, let value = record.value, topic.write(value, to: &json) {
          found.insert(
            "\(String(decoding: key, as: UTF8.self)) \(String(decoding: json.bytes, as: UTF8.self))")
        }
      }
    }
    return found
  }
}
