/// The seven indicators of a partner in a cell and month.
public struct IndicatorSnapshot: Message, Sendable {
  public var partnerID = ""
  public var cell: Cell?
  /// Such as "2026-11".
  public var month = ""
  public var netNewRevenue: Indicator?
  public var customersAdded: Indicator?
  public var netPaidSeatsAdded: Indicator?
  public var certifiedIndividuals: Indicator?
  public var productionInstances: Indicator?
  public var monthlyActiveUsers: Indicator?
  public var mauPerAssignedSeat: Indicator?
  public var components: Components?
  /// The newest event time that this snapshot took in.
  public var asOf: Timestamp?

  @inlinable public init() {}

  public subscript(kind: IndicatorKind) -> Indicator? {
    get {
      switch kind {
      case .netNewRevenue: netNewRevenue
      case .customersAdded: customersAdded
      case .netPaidSeatsAdded: netPaidSeatsAdded
      case .certifiedIndividuals: certifiedIndividuals
      case .productionInstances: productionInstances
      case .monthlyActiveUsers: monthlyActiveUsers
      case .mauPerAssignedSeat: mauPerAssignedSeat
      }
    }
    set {
      switch kind {
      case .netNewRevenue: netNewRevenue = newValue
      case .customersAdded: customersAdded = newValue
      case .netPaidSeatsAdded: netPaidSeatsAdded = newValue
      case .certifiedIndividuals: certifiedIndividuals = newValue
      case .productionInstances: productionInstances = newValue
      case .monthlyActiveUsers: monthlyActiveUsers = newValue
      case .mauPerAssignedSeat: mauPerAssignedSeat = newValue
      }
    }
  }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "partner_id", &partnerID)
    try visitor.field(2, "cell", &cell)
    try visitor.field(3, "month", &month)
    for kind in IndicatorKind.allCases {
      try visitor.field(kind.rawValue + 4, kind.fieldName, &self[kind])
    }
    try visitor.field(11, "components", &components)
    try visitor.field(12, "as_of", &asOf)
  }
}
