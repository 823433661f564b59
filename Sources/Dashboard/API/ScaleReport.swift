import Contract
import SnapshotView

/// The ranges of all indicators in a cell and month, as one partner may see them: its own segment decides what must be withheld
/// from it.
struct ScaleReport {
  private var cell: Cell
  private var month: String
  private var scales: [(kind: IndicatorKind, partners: Int, segments: [Segment])]

  /// The query's partner is the viewer; empty for an administrator.
  init(_ view: SnapshotView, _ query: ReportQuery, _ rule: RangeRule) {
    let report = PartnerReport(view, query, rule)
    (cell, month) = (report.cell, report.month)
    if report.hasSnapshot {
      scales = report.indicators.map { ($0.kind, $0.partners, $0.segments) }
      return
    }
    let published = view.scale(of: ScaleKey(cell: cell, month: month))?.scales ?? []
    scales = published.compactMap { scale in
      IndicatorKind(name: scale.indicator).map { kind in
        (kind, Int(scale.partners), PartnerReport.segments(of: scale, ownBar: nil, hasSnapshot: false, rule))
      }
    }
  }

  func write(to json: inout JSONWriter, _ names: PageSettings) {
    json.beginObject()
    json.writeMonth(month)
    json.writeFilters(cell, names)
    json.key("scales")
    json.beginArray()
    for (kind, partners, segments) in scales {
      json.beginObject()
      json.key("indicator")
      json.string(kind.name)
      json.key("partners")
      json.number(partners)
      json.writeSegments(segments)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}
