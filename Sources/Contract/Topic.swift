/// A topic that the program reads or writes. `name` is its name in a log, before any prefix.
public enum Topic: UInt8, CaseIterable, Sendable, Hashable {
  // Keyed by customer.
  case usageActions
  case licenseAssignments
  case subscriptions
  case billingLines
  case instances
  case customers
  // Keyed by person.
  case examPasses
  case affiliations
  // Keyed by partner.
  case partners
  // What the program writes.
  case partnerPartials
  case indicatorSnapshots
  case indicatorScales
  case rejectedEvents
  // Which of the results is served.
  case generations
  // The program's own.
  case taskCheckpoints

  /// What a topic is for.
  public enum Role: Sendable, Equatable {
    /// Events from outside; `key` says whose id is the records' key.
    case input(key: String)
    /// What is computed from the inputs.
    case output
    /// The state of the tasks that compute it.
    case checkpoints
    /// Which of the results is served.
    case control
  }

  private var definition: (name: String, role: Role, isCompacted: Bool) {
    switch self {
    case .usageActions: ("usage-actions", .input(key: "customer"), false)
    case .licenseAssignments: ("license-assignments", .input(key: "customer"), false)
    case .subscriptions: ("subscriptions", .input(key: "customer"), false)
    case .billingLines: ("billing-lines", .input(key: "customer"), false)
    case .instances: ("instances", .input(key: "customer"), false)
    case .customers: ("customers", .input(key: "customer"), false)
    case .examPasses: ("exam-passes", .input(key: "person"), false)
    case .affiliations: ("affiliations", .input(key: "person"), false)
    case .partners: ("partners", .input(key: "partner"), false)
    case .partnerPartials: ("partner-partials", .output, true)
    case .indicatorSnapshots: ("indicator-snapshots", .output, true)
    case .indicatorScales: ("indicator-scales", .output, true)
    case .rejectedEvents: ("rejected-events", .output, false)
    case .generations: ("generations", .control, true)
    case .taskCheckpoints: ("task-checkpoints", .checkpoints, true)
    }
  }

  public var name: String { definition.name }

  public var role: Role { definition.role }

  /// Whether only the newest record of a key matters, so that a log may drop the older ones.
  public var isCompacted: Bool { definition.isCompacted }

  /// Whose id is the key of an input's records; empty for other topics.
  public var keyName: String { if case .input(let key) = role { key } else { "" } }

  public var isInput: Bool { if case .input = role { true } else { false } }

  /// The topic called `name`, or nil.
  public init?(name: some StringProtocol) {
    guard let topic = Topic.allCases.first(where: { $0.name == name }) else { return nil }
    self = topic
  }

  /// The topics that the program consumes; all have the same number of partitions.
  public static let inputs = allCases.filter(\.isInput)

  public static let outputs = allCases.filter { $0.role == .output }

  /// What each generation has of its own: its result, and the checkpoints of the tasks that compute it.
  public static let ofGeneration = outputs + allCases.filter { $0.role == .checkpoints }

  /// Whether compaction must leave older records of a key for some time: a group must be able to restore its state as of its
  /// committed offsets, and if two processes begin a generation at the same time, both must see the first record.
  public var keepsOlderRecords: Bool { self == .partnerPartials || self == .generations }
}
