import Contract
import Dashboard
import SnapshotView

/// A view that is filled by hand.
struct SampleView {
  var view = SnapshotView()

  /// A snapshot with the same value for each indicator, and the number of active users of twelve months that goes with it.
  mutating func add(
    _ partner: String, _ cell: Cell = Cell(), _ month: String = "2026-11", value: Double? = 1,
    previous: Double? = 0, trend: Trend = .up, bar: Int32? = 1
  ) {
    var snapshot = IndicatorSnapshot()
    snapshot.partnerID = partner
    snapshot.cell = cell
    snapshot.month = month
    for kind in IndicatorKind.allCases {
      snapshot[kind] = Indicator(value: value, previous: previous, trend: trend, bar: bar)
    }
    snapshot.components = Components()
    snapshot.components?[.activeUsers12Months] = 12
    snapshot.asOf = Timestamp(seconds: 1_795_500_000)
    view.apply(.snapshot(snapshot))
  }

  /// A scale with the same bars for each indicator, each of so many partners with values from its number times 100.
  mutating func addScale(_ cell: Cell = Cell(), _ month: String = "2026-11", partners: [Int32]) {
    var scale = IndicatorScale()
    scale.cell = cell
    scale.month = month
    scale.scales = IndicatorKind.allCases.map { kind in
      var one = IndicatorScale.Scale()
      one.indicator = kind.name
      one.partners = partners.reduce(0, +)
      one.bars = partners.enumerated().map { index, partners in
        let least = Double(index + 1) * 100
        return IndicatorScale.Bar(
          bar: Int32(index + 1), partners: partners, min: partners > 0 ? least : nil,
          max: partners > 0 ? least + Double(partners) - 1 : nil)
      }
      return one
    }
    view.apply(.scale(scale))
  }

  func report(_ partner: String, _ cell: Cell = Cell(), month: String? = nil, fewest: Int = 3)
    -> PartnerReport
  {
    PartnerReport(
      view, ReportQuery(partnerID: partner, cell: cell, month: month), RangeRule(minimumPartners: fewest))
  }
}
