import Contract
import Indicators
import SnapshotView

/// Twelve months of one indicator of a partner, with what may be seen of the segments in each.
package struct IndicatorHistory: Sendable {
  package struct Point: Sendable {
    /// Such as "2026-11".
    package let month: String
    /// Nil where there is no snapshot, and where the value is undefined.
    package let value: Double?
    /// Four, in order; none where nobody has a value.
    package let segments: [Segment]

    package var ownSegment: Segment? { segments.first { $0.isOwn } }

    /// Where a segment begins, from 2 to 4; nil where that is not shown, or nobody is in it.
    package func edge(of number: Int) -> Double? {
      guard case .shown(let least, _)? = segments.first(where: { $0.number == number })?.range else {
        return nil
      }
      return least
    }
  }

  package let kind: IndicatorKind
  /// The oldest first.
  package let points: [Point]

  /// The months that end with the query's, each by the rule for that month.
  package init(_ view: SnapshotView, _ query: ReportQuery, _ kind: IndicatorKind, _ rule: RangeRule) {
    self.kind = kind
    let last = query.month ?? view.months(of: Cell()).last ?? ""
    points = (0..<Int(ReportingWindow.trailingMonths)).reversed().compactMap { back in
      guard let month = Month(last).map({ max($0 - Int32(back), .first).description }) else { return nil }
      let snapshot = view.snapshot(
        of: SnapshotKey(partnerID: query.partnerID, cell: query.cell, month: month))
      let scale = view.scale(of: ScaleKey(cell: query.cell, month: month))?.scales.first {
        $0.indicator == kind.name
      }
      let indicator = snapshot?[kind]
      return Point(
        month: month, value: indicator?.value,
        segments: PartnerReport.segments(
          of: scale, ownBar: indicator?.bar, hasSnapshot: snapshot != nil, rule))
    }
  }
}
