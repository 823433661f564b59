import Contract
import Indicators
import SnapshotView

extension PartnerReport {
  /// The report for a query. O(c) in the cells of the view, independent of the number of partners.
  package init(_ view: SnapshotView, _ query: ReportQuery, _ rule: RangeRule = RangeRule()) {
    partnerID = query.partnerID
    cell = query.cell
    months = view.months(of: Cell())
    month = query.month ?? months.last ?? ""
    choices = FilterChoices(
      view.cells(ofPartner: query.partnerID, month: month), product: query.cell.product)
    indicators = []
    let key = SnapshotKey(partnerID: query.partnerID, cell: query.cell, month: month)
    guard let snapshot = view.snapshot(of: key) else { return }
    components = snapshot.components
    asOf = snapshot.asOf
    let scales = view.scale(of: ScaleKey(cell: query.cell, month: month))?.scales ?? []
    let history = Self.history(view, key)
    let yearAgo = Self.earlier(key, by: 12).flatMap { view.snapshot(of: $0) }
    indicators = IndicatorKind.allCases.map { kind in
      let indicator = snapshot[kind] ?? Indicator()
      let scale = scales.first { $0.indicator == kind.name }
      return IndicatorReport(
        kind: kind, value: indicator.value, previous: indicator.previous,
        yearAgo: yearAgo?[kind]?.value, trend: indicator.trend,
        partners: Int(scale?.partners ?? 0),
        segments: Self.segments(of: scale, ownBar: indicator.bar, hasSnapshot: true, rule),
        history: history.map { HistoryPoint(month: $0.month, value: $0.snapshot?[kind]?.value) })
    }
  }

  static func segments(
    of scale: IndicatorScale.Scale?, ownBar: Int32?, hasSnapshot: Bool, _ rule: RangeRule
  ) -> [Segment] {
    let bars = scale?.bars ?? []
    let ranges = rule.ranges(of: bars, ownBar: ownBar, hasSnapshot: hasSnapshot)
    return zip(bars, ranges).map { bar, range in
      Segment(number: Int(bar.bar), partners: Int(bar.partners), range: range, isOwn: bar.bar == ownBar)
    }
  }

  /// The twelve months that end with the key's, each with its snapshot if there is one.
  private static func history(
    _ view: SnapshotView, _ key: SnapshotKey
  ) -> [(month: String, snapshot: IndicatorSnapshot?)] {
    (0..<Int32(ReportingWindow.trailingMonths)).reversed().compactMap { back in
      earlier(key, by: back).map { ($0.month, view.snapshot(of: $0)) }
    }
  }

  /// The key of so many months before; nil if the month cannot be parsed.
  private static func earlier(_ key: SnapshotKey, by months: Int32) -> SnapshotKey? {
    Month(key.month).map { month in
      SnapshotKey(
        partnerID: key.partnerID, cell: key.cell,
        month: max(month - months, .first).description)
    }
  }
}
