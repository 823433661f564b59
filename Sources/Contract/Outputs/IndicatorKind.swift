/// The indicators, in the order in which they are shown. All code that computes, publishes or shows them is driven by their
/// definitions below and their texts in `Dashboard/Page/Text/IndicatorTexts.swift`.
public enum IndicatorKind: Int, CaseIterable, Sendable {
  case netNewRevenue
  case customersAdded
  case netPaidSeatsAdded
  case certifiedIndividuals
  case productionInstances
  case monthlyActiveUsers
  case mauPerAssignedSeat

  @inlinable @inline(__always)
  public var definition: IndicatorDefinition {
    switch self {
    case .netNewRevenue:
      IndicatorDefinition(
        name: "net_new_revenue", field: 4,
        IndicatorFormula(.billedMicros, minus: .creditedMicros, over: 1_000_000),
        .money, heading: "revenue")
    case .customersAdded:
      IndicatorDefinition(
        name: "customers_added", field: 5, IndicatorFormula(.customersAdded), .count, heading: "customers")
    case .netPaidSeatsAdded:
      IndicatorDefinition(
        name: "net_paid_seats_added", field: 6, IndicatorFormula(.seatsAdded, minus: .seatsLost), .count,
        heading: "seats")
    case .certifiedIndividuals:
      IndicatorDefinition(
        name: "certified_individuals", field: 7, IndicatorFormula(.certifiedIndividuals), .count,
        heading: "certified")
    case .productionInstances:
      IndicatorDefinition(
        name: "production_instances", field: 8, IndicatorFormula(.productionInstances), .count,
        heading: "instances")
    case .monthlyActiveUsers:
      IndicatorDefinition(
        name: "monthly_active_users", field: 9,
        IndicatorFormula(.activeUsers12Months, over: Int64(ReportingWindow.trailingMonths)), .decimal,
        heading: "MAU")
    case .mauPerAssignedSeat:
      IndicatorDefinition(
        name: "mau_per_assigned_seat", field: 10,
        IndicatorFormula(
          .activeUsers12Months, over: Int64(ReportingWindow.trailingMonths), times: .assignedSeats), .ratio,
        heading: "MAU/seat")
    }
  }

  /// The schema's field name.
  public var name: String { definition.name.description }

  /// The indicator with this field name, or nil.
  public init?(name: String) {
    guard let kind = IndicatorKind.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }
}

/// A value for each indicator. A test checks that the size is the number of cases.
public typealias IndicatorArray<Element> = InlineArray<7, Element>

/// How an indicator is computed, published and shown.
public struct IndicatorDefinition: Sendable {
  /// How values are written for people.
  public enum Format: Sendable {
    /// In the catalog's currency.
    case money
    case count
    /// With one decimal.
    case decimal
    /// With two decimals or more.
    case ratio
  }

  /// Name and number of the field in message IndicatorSnapshot.
  public let name: StaticString
  public let field: Int
  public let formula: IndicatorFormula
  public let format: Format
  /// The heading of its column in a terminal, at most 12 characters.
  public let heading: StaticString

  @inlinable @inline(__always)
  init(name: StaticString, field: Int, _ formula: IndicatorFormula, _ format: Format, heading: StaticString) {
    self.name = name
    self.field = field
    self.formula = formula
    self.format = format
    self.heading = heading
  }
}

/// How an indicator follows from components: (component - subtracted) / (unit x divisor).
public struct IndicatorFormula: Sendable {
  public let component: Component
  public let subtracted: Component?
  /// A constant that every value is divided by.
  public let unit: Int64
  /// A component that it is divided by as well; where that is zero, the value is undefined.
  public let divisor: Component?

  @inlinable @inline(__always)
  init(
    _ component: Component, minus subtracted: Component? = nil, over unit: Int64 = 1,
    times divisor: Component? = nil
  ) {
    self.component = component
    self.subtracted = subtracted
    self.unit = unit
    self.divisor = divisor
  }

  /// The denominator that all values share; nil if each has its own.
  @inlinable @inline(__always)
  public var commonDenominator: Int64? { divisor == nil ? unit : nil }

  /// The components that it is computed from.
  public var components: [Component] { [component, subtracted, divisor].compactMap(\.self) }
}
