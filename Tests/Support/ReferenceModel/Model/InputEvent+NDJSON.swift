import Contract
import Foundation

extension InputEvent {
  /// Reads a line `{"topic": …, "value": …}` of an event set, whose members come in this order; nil
  /// for another one.
  package init?(line: some StringProtocol) throws {
    let head = #"{"topic":""#
    guard line.hasPrefix(head), line.hasSuffix("}"), let mark = line.range(of: #"","value":"#),
      let topic = Topic(name: line[..<mark.lowerBound].dropFirst(head.count))
    else { return nil }
    let json = Array(line[mark.upperBound...].dropLast().utf8)
    self = try json.withUnsafeBytes { bytes in
      switch topic {
      case .usageActions: .usageAction(try UsageAction(json: bytes))
      case .licenseAssignments: .licenseAssignment(try LicenseAssignment(json: bytes))
      case .subscriptions: .subscription(try Subscription(json: bytes))
      case .billingLines: .billingLine(try BillingLine(json: bytes))
      case .instances: .instance(try Instance(json: bytes))
      case .customers: .customer(try Customer(json: bytes))
      case .examPasses: .examPass(try ExamPass(json: bytes))
      case .affiliations: .affiliation(try Affiliation(json: bytes))
      case .partners: .partner(try Partner(json: bytes))
      default: .undecodable(topic, key: "", bytes: json)
      }
    }
  }

  /// The line of an event set.
  package var line: String {
    if case .undecodable(_, let key, let bytes) = self {
      return "\(topic.name) of key \(key): not decodable: \(bytes.map { "\($0)" } ?? "tombstone")"
    }
    let json = payload(in: .json) ?? []
    return #"{"topic":"\#(topic.name)","value":\#(String(decoding: json, as: UTF8.self))}"#
  }
}
