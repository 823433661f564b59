import Contract

/// Which fact an event sets, and to what, as two hashes (FNV-1a): events that set the same fact to something else contradict each
/// other.
package struct EventIdentity {
  private let names: [String]
  /// Of the fields that say which fact it is; of all fields if the topic has no such fields.
  fileprivate private(set) var fact: UInt64 = Self.basis
  /// Of all fields.
  fileprivate private(set) var content: UInt64 = Self.basis

  private static let basis: UInt64 = 0xcbf2_9ce4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01b3

  init(_ topic: Topic) { names = topic.factFields }

  /// Adds a field with its JSON. Fields come in the same order for all events.
  mutating func add(_ name: String, _ json: [UInt8]) {
    Self.add(name.utf8, to: &content)
    Self.add(json, to: &content)
    guard names.isEmpty || names.contains(name) else { return }
    Self.add(name.utf8, to: &fact)
    Self.add(json, to: &fact)
  }

  /// What two that contradict each other have in common.
  package var meaning: String {
    names.isEmpty ? "the same event" : "the same \(names.joined(separator: ", ")), but other values"
  }

  private static func add(_ bytes: some Sequence<UInt8>, to hash: inout UInt64) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* prime }
    // What no text holds.
    hash = (hash ^ 0xff) &* prime
  }
}

/// Finds rows of one file that make the same event again, or one that contradicts an earlier one. Remembers so many events.
package struct RepeatedRows {
  package enum Finding: Equatable {
    case new
    /// The row on this line made the same event.
    case repeats(line: Int)
    /// The row on this line set the same fact to something else.
    case contradicts(line: Int)
  }

  private let limit: Int
  private var seen: [UInt64: (content: UInt64, line: Int)] = [:]
  /// Events that came when the memory was full.
  package private(set) var unchecked = 0

  /// About 40 MB.
  package static let standardLimit = 1_000_000

  package init(limit: Int = standardLimit) { self.limit = limit }

  package mutating func note(_ identity: EventIdentity, line: Int) -> Finding {
    if let earlier = seen[identity.fact] {
      return earlier.content == identity.content
        ? .repeats(line: earlier.line) : .contradicts(line: earlier.line)
    }
    if seen.count < limit { seen[identity.fact] = (identity.content, line) } else { unchecked += 1 }
    return .new
  }
}

extension Topic {
  /// The fields that say which fact an event sets, in JSON's names; empty if each event is one of its own.
  package var factFields: [String] {
    switch self {
    case .licenseAssignments: ["customerId", "subscriptionId", "userId", "effectiveAt", "revision"]
    case .subscriptions: ["customerId", "subscriptionId", "effectiveAt", "revision"]
    case .billingLines: ["customerId", "lineId", "revision"]
    case .instances: ["customerId", "subscriptionId", "instanceId", "effectiveAt", "revision"]
    case .customers: ["customerId", "effectiveAt", "revision"]
    case .examPasses: ["personId", "exam", "revision"]
    case .affiliations: ["personId", "effectiveAt", "revision"]
    case .partners: ["partnerId", "effectiveAt", "revision"]
    case .usageActions, .partnerPartials, .indicatorSnapshots, .indicatorScales, .rejectedEvents,
      .generations,
      .taskCheckpoints:
      []
    }
  }
}
