import Contract
import Indicators
import SnapshotView

/// One indicator of a partner, broken down by a dimension that the filters leave open.
package struct Breakdown: Sendable {
  /// What an indicator is broken down by.
  package enum Dimension: Sendable, Hashable {
    case product
    /// By workload of the chosen product.
    case workload
    case country
  }

  /// One entry of the dimension.
  package struct Row: Sendable {
    package let cell: Cell
    package let value: Double
    /// The share in the whole; nil where that has no meaning (`IndicatorKind.share`).
    package let share: Double?
  }

  package let dimension: Dimension
  /// The greatest first. What counts for several entries is in each of them, so they may add up to more than the whole.
  package let rows: [Row]

  /// The breakdowns by product or workload, and by location, with the entries where the partner has a value; without empty ones.
  package static func all(_ view: SnapshotView, _ report: PartnerReport, _ kind: IndicatorKind) -> [Breakdown]
  {
    let cell = report.cell
    var dimensions: [(Dimension, [Cell])] = []
    func with(_ change: (inout Cell) -> Void) -> Cell {
      var other = cell
      change(&other)
      return other
    }
    if cell.product.isEmpty {
      dimensions.append((.product, report.choices.products.map { id in with { $0.product = id } }))
    } else if cell.workload.isEmpty {
      dimensions.append((.workload, report.choices.workloads.map { id in with { $0.workload = id } }))
    }
    if cell.country.isEmpty {
      dimensions.append((.country, report.choices.countries.map { id in with { $0.country = id } }))
    }
    let whole = report[kind]?.value
    return dimensions.compactMap { dimension, cells in
      let rows = cells.compactMap { cell -> Row? in
        let key = SnapshotKey(partnerID: report.partnerID, cell: cell, month: report.month)
        guard let value = view.snapshot(of: key)?[kind]?.value else { return nil }
        return Row(cell: cell, value: value, share: kind.share(value, of: whole))
      }
      .sorted { left, right in
        left.value == right.value
          ? ExactText(left.cell.key) < ExactText(right.cell.key) : left.value > right.value
      }
      return rows.isEmpty ? nil : Breakdown(dimension: dimension, rows: rows)
    }
  }
}
