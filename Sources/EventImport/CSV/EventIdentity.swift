import Contract

/// Identifies the fact that an event sets, and its value, by two hashes (FNV-1a). Events that set the same fact to different
/// values contradict each other.
package struct EventIdentity {
  private let names: [String]
  /// The hash of the fields that identify the fact; of all fields if the topic has no such fields.
  fileprivate private(set) var fact: UInt64 = Self.basis
  /// The hash of all fields.
  fileprivate private(set) var content: UInt64 = Self.basis

  private static let basis: UInt64 = 0xcbf2_9ce4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01b3

  init(_ topic: Topic) { names = topic.factFields }

  /// Adds a field with its JSON value. Fields must be added in the same order for all events.
  mutating func add(_ name: String, _ json: [UInt8]) {
    Self.add(name.utf8, to: &content)
    Self.add(json, to: &content)
    guard names.isEmpty || names.contains(name) else { return }
    Self.add(name.utf8, to: &fact)
    Self.add(json, to: &fact)
  }

  /// What two contradicting events have in common, as text.
  package var conflictText: String {
    names.isEmpty ? "the same event" : "the same \(names.joined(separator: ", ")), but other values"
  }

  private static func add(_ bytes: some Sequence<UInt8>, to hash: inout UInt64) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* prime }
    // A separator: no UTF-8 text contains 0xff.
    hash = (hash ^ 0xff) &* prime
  }
}

/// Finds rows of one file whose event repeats or contradicts that of an earlier row. Remembers up to `limit` events.
package struct RepeatedRows {
  package enum Finding: Equatable {
    case new
    /// The row at this line has the same event.
    case repeats(line: Int)
    /// The row at this line sets the same fact to another value.
    case contradicts(line: Int)
  }

  private let limit: Int
  private var seen: [UInt64: (content: UInt64, line: Int)] = [:]
  /// The number of new events that were not remembered, beyond the limit.
  package private(set) var unchecked = 0

  /// Takes about 40 MB of memory.
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
  /// The JSON names of the fields that identify the fact that an event sets; empty if each event is a fact of its own.
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
