/// The whole numbers that the indicators are made of, in the order of message Components.
public enum Component: Int, CaseIterable, Sendable {
  case billedMicros
  /// What credits took back, as a positive number.
  case creditedMicros
  case customersAdded
  case customersLost
  case seatsAdded
  case seatsLost
  case certifiedIndividuals
  case productionInstances
  /// Distinct users with an intentional action in the twelve months.
  case activeUsers12Months
  /// Distinct users with an intentional action in the month.
  case activeUsersMonth
  case assignedSeats

  /// Whether it says how many there are in a month; the others say how much came or went.
  @inlinable public var isLevel: Bool {
    switch self {
    case .certifiedIndividuals, .productionInstances, .activeUsers12Months, .assignedSeats: true
    default: false
    }
  }

  /// The schema's field name.
  public var name: String { fieldName.description }

  @inlinable var fieldName: StaticString {
    switch self {
    case .billedMicros: "billed_micros"
    case .creditedMicros: "credited_micros"
    case .customersAdded: "customers_added"
    case .customersLost: "customers_lost"
    case .seatsAdded: "seats_added"
    case .seatsLost: "seats_lost"
    case .certifiedIndividuals: "certified_individuals"
    case .productionInstances: "production_instances"
    case .activeUsers12Months: "active_users_12_months"
    case .activeUsersMonth: "active_users_month"
    case .assignedSeats: "assigned_seats"
    }
  }
}
