import Contract
import Indicators
import SnapshotView

/// Twelve months of one indicator of a partner, each with the segments as far as the viewer may see them.
package struct IndicatorHistory: Sendable {
  /// One month.
  package struct Point: Sendable {
    /// Such as "2026-11".
    package let month: String
    /// Nil where there is no snapshot, and where the value is undefined.
    package let value: Double?
    /// Four, in order; empty where no partner has a value.
    package let segments: [Segment]

    package var ownSegment: Segment? { segments.first { $0.isOwn } }

    /// The least value of a segment, from 2 to 4; nil if that is withheld or the segment is empty.
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

  /// The twelve months that end with the query's. The rule is applied to each month separately.
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
