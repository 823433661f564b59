/// A topic of the contract by its role; `name` is what it is called in a log.
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

  public var name: String {
    switch self {
    case .usageActions: "usage-actions"
    case .licenseAssignments: "license-assignments"
    case .subscriptions: "subscriptions"
    case .billingLines: "billing-lines"
    case .instances: "instances"
    case .customers: "customers"
    case .examPasses: "exam-passes"
    case .affiliations: "affiliations"
    case .partners: "partners"
    case .partnerPartials: "partner-partials"
    case .indicatorSnapshots: "indicator-snapshots"
    case .indicatorScales: "indicator-scales"
    case .rejectedEvents: "rejected-events"
    case .generations: "generations"
    case .taskCheckpoints: "task-checkpoints"
    }
  }

  /// The topic called `name`, or nil.
  public init?(name: some StringProtocol) {
    guard let topic = Topic.allCases.first(where: { $0.name == name }) else { return nil }
    self = topic
  }

  /// The nine topics that the program consumes; all have the same number of partitions.
  public static let inputs: [Topic] = [
    .usageActions, .licenseAssignments, .subscriptions, .billingLines, .instances, .customers,
    .examPasses, .affiliations, .partners,
  ]

  /// Whose id is the key of an input's records.
  public var keyName: String {
    switch self {
    case .examPasses, .affiliations: "person"
    case .partners: "partner"
    default: "customer"
    }
  }

  /// What is computed from the inputs.
  public static let outputs: [Topic] = [
    .partnerPartials, .indicatorSnapshots, .indicatorScales, .rejectedEvents,
  ]

  /// What each generation has of its own: its result, and the checkpoints of the tasks that compute it.
  public static let ofGeneration: [Topic] = outputs + [.taskCheckpoints]

  /// Whether only the newest record of a key matters, so that a log may drop the older ones.
  public var isCompacted: Bool {
    switch self {
    case .partnerPartials, .indicatorSnapshots, .indicatorScales, .generations, .taskCheckpoints: true
    default: false
    }
  }

  /// Whether newer records of a key may not replace older ones at once. A group must be able to build again what it knew at its
  /// committed positions, and of two that begin a generation at the same time, the first one must be seen.
  public var keepsOlderRecords: Bool { self == .partnerPartials || self == .generations }
}
