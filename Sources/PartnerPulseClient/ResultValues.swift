import Contract
import FoundationEssentials

/// One combination of filters, within which partners are compared. An empty text stands for all.
///
/// ```swift
/// let sales = ResultCell(product: "customer-engagement", workload: "sales", country: "FR")
/// ```
public struct ResultCell: Hashable, Sendable {
  /// The id of a product in the aggregator's catalog.
  public var product: String
  /// The id of a workload of the product; only ever set together with it.
  public var workload: String
  /// ISO 3166-1 alpha-2: the customers' country; for certified individuals, that of the partner's location.
  public var country: String

  /// All products and countries.
  public static let all = ResultCell()

  /// A cell. Ids are not checked against a catalog; under one that does not exist there are no results.
  public init(product: String = "", workload: String = "", country: String = "") {
    (self.product, self.workload, self.country) = (product, workload, country)
  }

  init(_ cell: Cell) { self.init(product: cell.product, workload: cell.workload, country: cell.country) }

  var message: Cell { Cell(product: product, workload: workload, country: country) }

  /// Compares ids by their bytes, without Unicode normalization.
  public static func == (left: ResultCell, right: ResultCell) -> Bool { left.message == right.message }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(message) }
}

/// The seven indicators, in the order in which they are shown. The raw value is the field's name in `IndicatorSnapshot`
/// (`schemas/partnerpulse/v1/snapshots.proto`). "Twelve months" are those that end with the snapshot's month.
public enum IndicatorName: String, CaseIterable, Sendable {
  /// Billed less credited in twelve months, in units of the reporting currency.
  case netNewRevenue = "net_new_revenue"
  /// Customers that came to have paid seats in twelve months.
  case customersAdded = "customers_added"
  /// Paid seats added less those lost in twelve months; may be negative.
  case netPaidSeatsAdded = "net_paid_seats_added"
  /// People affiliated with the partner who hold an exam at the end of the month.
  case certifiedIndividuals = "certified_individuals"
  /// Instances deployed for production at the end of the month.
  case productionInstances = "production_instances"
  /// Distinct users in twelve months, divided by twelve.
  case monthlyActiveUsers = "monthly_active_users"
  /// ``monthlyActiveUsers`` divided by the seats assigned in the month; undefined where no seat is.
  case mauPerAssignedSeat = "mau_per_assigned_seat"

  private static let kinds = Dictionary(
    uniqueKeysWithValues: IndicatorKind.allCases.map { ("\($0.definition.name)", $0) })

  var kind: IndicatorKind? { Self.kinds[rawValue] }
}

/// The whole numbers that the indicators are computed from; exact, and never negative. The raw value is the field's name in
/// `Components` (`schemas/partnerpulse/v1/snapshots.proto`). "Twelve months" are those that end with the snapshot's month.
public enum ComponentName: String, CaseIterable, Sendable {
  /// Billed in twelve months, in millionths of the reporting currency.
  case billedMicros = "billed_micros"
  /// Credited in twelve months, in millionths of the reporting currency, as a positive number.
  case creditedMicros = "credited_micros"
  /// Customers that came to have paid seats in twelve months.
  case customersAdded = "customers_added"
  /// Customers that lost their last paid seat in twelve months, as a positive number.
  case customersLost = "customers_lost"
  /// Paid seats added in twelve months.
  case seatsAdded = "seats_added"
  /// Paid seats lost in twelve months, as a positive number.
  case seatsLost = "seats_lost"
  /// Certified people at the end of the month.
  case certifiedIndividuals = "certified_individuals"
  /// Production instances at the end of the month.
  case productionInstances = "production_instances"
  /// Distinct users with an intentional action in twelve months.
  case activeUsers12Months = "active_users_12_months"
  /// Distinct users with an intentional action in the month.
  case activeUsersMonth = "active_users_month"
  /// Seats assigned to a user in the month.
  case assignedSeats = "assigned_seats"

  private static let components = Dictionary(
    uniqueKeysWithValues: Component.allCases.map { ($0.name, $0) })

  var component: Component? { Self.components[rawValue] }
}

/// One indicator of a partner in a cell and month.
public struct IndicatorValue: Hashable, Sendable {
  /// How a value compares with that of the month before.
  public enum Trend: Hashable, Sendable {
    /// Equal, or one of the two is undefined.
    case unchanged
    /// Greater than in the month before.
    case up
    /// Less than in the month before.
    case down
  }

  /// In the unit of its ``IndicatorName``; nil where it is undefined (no seat to divide by).
  public let value: Double?
  /// The value for the month before; nil where that is undefined.
  public let previous: Double?
  /// The value compared with the previous one, exactly: it may differ where both are the same as doubles.
  public let trend: Trend
  /// The partner's quartile among all ranked partners of the cell and month, from 1 (the least values) to 4; nil where there is no
  /// value.
  public let bar: Int?

  init(_ indicator: Contract.Indicator) {
    (value, previous) = (indicator.value, indicator.previous)
    trend = indicator.trend == .up ? .up : indicator.trend == .down ? .down : .unchanged
    bar = indicator.bar.map(Int.init)
  }
}

/// The indicators of a partner in a cell and month: a record of topic `indicator-snapshots`. Its values are absolute, so a newer
/// snapshot replaces an older one.
///
/// ```swift
/// if let revenue = snapshot[.netNewRevenue], let value = revenue.value {
///   print(snapshot.partner, snapshot.month, value, revenue.trend, revenue.bar ?? 0)
/// }
/// print(Double(snapshot[.billedMicros]) / 1e6)
/// ```
public struct PartnerSnapshot: Hashable, Sendable {
  let message: IndicatorSnapshot

  package init(_ message: IndicatorSnapshot) { self.message = message }

  /// The partner's id.
  public var partner: String { message.partnerID }
  /// The filters that it is for.
  public var cell: ResultCell { ResultCell(message.cell ?? Cell()) }
  /// A calendar month in UTC, such as "2026-11".
  public var month: String { message.month }

  /// An indicator; nil if the snapshot was written without it, by another version.
  public subscript(name: IndicatorName) -> IndicatorValue? {
    name.kind.flatMap { message[$0] }.map(IndicatorValue.init)
  }

  /// One of the whole numbers that the indicators are computed from, in the unit of its ``ComponentName``.
  public subscript(name: ComponentName) -> Int64 {
    name.component.flatMap { message.components?[$0] } ?? 0
  }

  /// The newest event time that the snapshot reflects, to the precision of `Date`; nil if the record does not have it.
  public var newestEvent: Date? {
    message.asOf.map { Date(timeIntervalSince1970: Double($0.seconds) + Double($0.nanos) / 1e9) }
  }

  /// What identifies the snapshot: a newer one with the same key replaces it.
  public var key: SnapshotName { SnapshotName(partner: partner, cell: cell, month: month) }
}

/// What identifies a snapshot: partner, cell and month.
public struct SnapshotName: Hashable, Sendable {
  /// The partner's id.
  public let partner: String
  /// The filters.
  public let cell: ResultCell
  /// A calendar month in UTC, such as "2026-11".
  public let month: String

  /// The name of a snapshot, whether or not there is one. `month` is written as "2026-11", and not checked.
  public init(partner: String, cell: ResultCell = .all, month: String) {
    (self.partner, self.cell, self.month) = (partner, cell, month)
  }

  /// Compares ids by their bytes, without Unicode normalization.
  public static func == (left: SnapshotName, right: SnapshotName) -> Bool {
    left.partner.hasSameUTF8(as: right.partner) && left.cell == right.cell && left.month == right.month
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(ExactText(partner))
    hasher.combine(cell)
    hasher.combine(month)
  }
}

/// How the values of an indicator are spread over all ranked partners in a cell and month, in quartiles.
public struct IndicatorRanges: Hashable, Sendable {
  /// One quartile.
  public struct Bar: Hashable, Sendable {
    /// 1 (the least values) to 4 (the greatest).
    public let bar: Int
    /// How many partners are in it. Equal values share a quartile, so it may be empty.
    public let partners: Int
    /// The least and the greatest value in it, in the unit of the ``IndicatorName``; nil for one without partners.
    public let range: ClosedRange<Double>?
  }

  /// How many partners have a value.
  public let partners: Int
  /// Four, from 1 to 4.
  public let bars: [Bar]

  init(_ scale: IndicatorScale.Scale) {
    partners = Int(scale.partners)
    bars = scale.bars.map { bar in
      let range = bar.min.flatMap { least in bar.max.flatMap { least <= $0 ? least...$0 : nil } }
      return Bar(bar: Int(bar.bar), partners: Int(bar.partners), range: range)
    }
  }
}

/// The ranges of all indicators in a cell and month: a record of topic `indicator-scales`.
///
/// The ends of a range are two partners' own values, so what is shown to partners must be withheld or rounded (docs/PRIVACY.md).
///
/// ```swift
/// for bar in view.ranges(month: "2026-11")?[.netNewRevenue]?.bars ?? [] {
///   print(bar.bar, bar.partners, bar.range?.upperBound ?? 0)
/// }
/// ```
public struct CellRanges: Hashable, Sendable {
  let message: IndicatorScale

  init(_ message: IndicatorScale) { self.message = message }

  /// The filters that they are for.
  public var cell: ResultCell { ResultCell(message.cell ?? Cell()) }
  /// A calendar month in UTC, such as "2026-11".
  public var month: String { message.month }

  /// The ranges of an indicator; nil if the record was written without it.
  public subscript(name: IndicatorName) -> IndicatorRanges? {
    message.scales.first { $0.indicator == name.rawValue }.map(IndicatorRanges.init)
  }
}
