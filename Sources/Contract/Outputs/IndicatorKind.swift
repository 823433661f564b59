/// The seven indicators, in the order of message IndicatorSnapshot.
public enum IndicatorKind: Int, CaseIterable, Sendable {
  case netNewRevenue
  case customersAdded
  case netPaidSeatsAdded
  case certifiedIndividuals
  case productionInstances
  case monthlyActiveUsers
  case mauPerAssignedSeat

  /// The schema's field name.
  public var name: String { fieldName.description }

  /// The indicator with this field name, or nil.
  public init?(name: String) {
    guard let kind = IndicatorKind.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }

  @inlinable var fieldName: StaticString {
    switch self {
    case .netNewRevenue: "net_new_revenue"
    case .customersAdded: "customers_added"
    case .netPaidSeatsAdded: "net_paid_seats_added"
    case .certifiedIndividuals: "certified_individuals"
    case .productionInstances: "production_instances"
    case .monthlyActiveUsers: "monthly_active_users"
    case .mauPerAssignedSeat: "mau_per_assigned_seat"
    }
  }
}
