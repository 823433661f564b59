import Contract
import FoundationEssentials

/// The filters under which partners are compared. An empty text stands for all.
public struct ResultCell: Hashable, Sendable {
  public var product: String
  /// Only together with its product.
  public var workload: String
  /// Of the customers; ISO 3166-1 alpha-2.
  public var country: String

  public static let all = ResultCell()

  public init(product: String = "", workload: String = "", country: String = "") {
    (self.product, self.workload, self.country) = (product, workload, country)
  }

  init(_ cell: Cell) { self.init(product: cell.product, workload: cell.workload, country: cell.country) }

  var message: Cell { Cell(product: product, workload: workload, country: country) }

  // Ids are equal if their bytes are.
  public static func == (left: ResultCell, right: ResultCell) -> Bool { left.message == right.message }

  public func hash(into hasher: inout Hasher) { hasher.combine(message) }
}

/// The seven indicators, by their names in the schema, in the order in which they are shown.
public enum IndicatorName: String, CaseIterable, Sendable {
  case netNewRevenue = "net_new_revenue"
  case customersAdded = "customers_added"
  case netPaidSeatsAdded = "net_paid_seats_added"
  case certifiedIndividuals = "certified_individuals"
  case productionInstances = "production_instances"
  case monthlyActiveUsers = "monthly_active_users"
  case mauPerAssignedSeat = "mau_per_assigned_seat"

  private static let kinds = Dictionary(
    uniqueKeysWithValues: IndicatorKind.allCases.map { ("\($0.definition.name)", $0) })

  var kind: IndicatorKind? { Self.kinds[rawValue] }
}

/// The whole numbers that the indicators are made of, by their names in the schema.
public enum ComponentName: String, CaseIterable, Sendable {
  /// In millionths of the currency.
  case billedMicros = "billed_micros"
  /// In millionths of the currency, as a positive number.
  case creditedMicros = "credited_micros"
  case customersAdded = "customers_added"
  case customersLost = "customers_lost"
  case seatsAdded = "seats_added"
  case seatsLost = "seats_lost"
  case certifiedIndividuals = "certified_individuals"
  case productionInstances = "production_instances"
  case activeUsers12Months = "active_users_12_months"
  case activeUsersMonth = "active_users_month"
  case assignedSeats = "assigned_seats"

  private static let components = Dictionary(
    uniqueKeysWithValues: Component.allCases.map { ($0.name, $0) })

  var component: Component? { Self.components[rawValue] }
}

/// One indicator of a partner.
public struct IndicatorValue: Hashable, Sendable {
  public enum Trend: Hashable, Sendable { case unchanged, up, down }

  /// Nil where it is undefined (a ratio to nothing).
  public let value: Double?
  /// The same for the month before.
  public let previous: Double?
  /// Against the month before.
  public let trend: Trend
  /// The segment among all partners of the cell, 1 to 4; nil where there is no value.
  public let bar: Int?

  init(_ indicator: Contract.Indicator) {
    (value, previous) = (indicator.value, indicator.previous)
    trend = indicator.trend == .up ? .up : indicator.trend == .down ? .down : .unchanged
    bar = indicator.bar.map(Int.init)
  }
}

/// The indicators of a partner in a cell and month. Absolute values: a newer snapshot replaces an older one.
public struct PartnerSnapshot: Hashable, Sendable {
  let message: IndicatorSnapshot

  package init(_ message: IndicatorSnapshot) { self.message = message }

  public var partner: String { message.partnerID }
  public var cell: ResultCell { ResultCell(message.cell ?? Cell()) }
  /// Such as "2026-11".
  public var month: String { message.month }

  /// Nil for one that this snapshot does not have.
  public subscript(name: IndicatorName) -> IndicatorValue? {
    name.kind.flatMap { message[$0] }.map(IndicatorValue.init)
  }

  public subscript(name: ComponentName) -> Int64 {
    name.component.flatMap { message.components?[$0] } ?? 0
  }

  /// The newest event time that it took in.
  public var newestEvent: Date? {
    message.asOf.map { Date(timeIntervalSince1970: Double($0.seconds) + Double($0.nanos) / 1e9) }
  }

  public var key: SnapshotName { SnapshotName(partner: partner, cell: cell, month: month) }
}

/// What a snapshot is about.
public struct SnapshotName: Hashable, Sendable {
  public let partner: String
  public let cell: ResultCell
  /// Such as "2026-11".
  public let month: String

  public init(partner: String, cell: ResultCell = .all, month: String) {
    (self.partner, self.cell, self.month) = (partner, cell, month)
  }

  // Ids are equal if their bytes are.
  public static func == (left: SnapshotName, right: SnapshotName) -> Bool {
    left.partner.hasSameUTF8(as: right.partner) && left.cell == right.cell && left.month == right.month
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ExactText(partner))
    hasher.combine(cell)
    hasher.combine(month)
  }
}

/// The ranges of the four segments of an indicator, over all ranked partners in a cell and month.
public struct IndicatorRanges: Hashable, Sendable {
  public struct Bar: Hashable, Sendable {
    /// 1 to 4.
    public let bar: Int
    public let partners: Int
    /// Nil for a segment that holds no partner.
    public let range: ClosedRange<Double>?
  }

  /// Partners with a value.
  public let partners: Int
  /// In order.
  public let bars: [Bar]

  init(_ scale: IndicatorScale.Scale) {
    partners = Int(scale.partners)
    bars = scale.bars.map { bar in
      let range = bar.min.flatMap { least in bar.max.flatMap { least <= $0 ? least...$0 : nil } }
      return Bar(bar: Int(bar.bar), partners: Int(bar.partners), range: range)
    }
  }
}

/// The ranges in a cell and month.
public struct CellRanges: Hashable, Sendable {
  let message: IndicatorScale

  init(_ message: IndicatorScale) { self.message = message }

  public var cell: ResultCell { ResultCell(message.cell ?? Cell()) }
  /// Such as "2026-11".
  public var month: String { message.month }

  /// Nil for an indicator that nobody has a value of.
  public subscript(name: IndicatorName) -> IndicatorRanges? {
    message.scales.first { $0.indicator == name.rawValue }.map(IndicatorRanges.init)
  }
}
