import Contract
import Foundation

/// The events of an example set, as they go into a log: each value is the JSON that the file has.
enum ExampleEvents {
  static func read(_ file: URL) throws -> [(topic: Topic, key: String, value: [UInt8])] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      let value = object["value"] as? [String: Any] ?? [:]
      let key = (value["customerId"] ?? value["personId"] ?? value["partnerId"]) as? String ?? ""
      guard let topic = Topic(name: object["topic"] as? String ?? "") else {
        throw CocoaError(.coderInvalidValue)
      }
      // An affiliation has a partner too, but its key is the person: looked up in the order above.
      return (topic, key, Array(try JSONSerialization.data(withJSONObject: value)))
    }
  }
}
