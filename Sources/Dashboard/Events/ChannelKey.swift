import Contract
import SnapshotView

/// Identifies a channel: one report under one rule for ranges.
package struct ChannelKey: Hashable {
  private let text: ExactText
  private let rule: RangeRule

  package init(_ query: ReportQuery, _ rule: RangeRule) {
    self.rule = rule
    // Only the partner's id, which comes last, may contain "|".
    text = ExactText("\(query.cell.key)|\(query.month ?? "")|\(query.partnerID)")
  }
}

extension ReportQuery {
  /// Whether the publication may change the report.
  package func isTouched(by publication: Publication) -> Bool {
    switch publication {
    case .snapshot(let snapshot): isTouched(snapshot.partnerID, snapshot.cell ?? Cell())
    case .removedSnapshot(let key): isTouched(key.partnerID, key.cell)
    case .scale(let scale): isTouched(scale.cell ?? Cell(), scale.month)
    case .removedScale(let key): isTouched(key.cell, key.month)
    }
  }

  private func isTouched(_ partnerID: String, _ cell: Cell) -> Bool {
    self.partnerID.hasSameUTF8(as: partnerID) && self.cell == cell
  }

  private func isTouched(_ cell: Cell, _ month: String) -> Bool {
    // The newest month is that of the cell of all; when it begins, the month before is no longer in progress.
    cell == Cell() || self.cell == cell && (self.month.map { $0.hasSameUTF8(as: month) } ?? true)
  }
}
