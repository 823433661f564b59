/// The whole numbers that the indicators are computed from, in the order of the fields of message Components.
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

  /// How a month's number comes from the rows of a partial.
  public enum Accumulation: Sendable {
    /// An amount: the sum over the twelve months that end with the month.
    case trailing
    /// An amount of the month alone.
    case month
    /// A level: the sum of all changes up to the month.
    case level
  }

  @inlinable @inline(__always)
  var definition: (name: StaticString, accumulation: Accumulation, isMoney: Bool) {
    switch self {
    case .billedMicros: ("billed_micros", .trailing, true)
    case .creditedMicros: ("credited_micros", .trailing, true)
    case .customersAdded: ("customers_added", .trailing, false)
    case .customersLost: ("customers_lost", .trailing, false)
    case .seatsAdded: ("seats_added", .trailing, false)
    case .seatsLost: ("seats_lost", .trailing, false)
    case .certifiedIndividuals: ("certified_individuals", .level, false)
    case .productionInstances: ("production_instances", .level, false)
    case .activeUsers12Months: ("active_users_12_months", .level, false)
    case .activeUsersMonth: ("active_users_month", .month, false)
    case .assignedSeats: ("assigned_seats", .level, false)
    }
  }

  /// How a month's number comes from the rows of a partial.
  @inlinable public var accumulation: Accumulation { definition.accumulation }

  /// Whether it counts what there is in a month (a level), and not what came or went (an amount).
  @inlinable public var isLevel: Bool { definition.accumulation == .level }

  /// Whether it counts millionths of the currency.
  @inlinable public var isMoney: Bool { definition.isMoney }

  /// The schema's field name.
  public var name: String { fieldName.description }

  @inlinable var fieldName: StaticString { definition.name }
}

/// A value for each component. A test checks that the size is the number of cases.
public typealias ComponentArray<Element> = InlineArray<11, Element>
