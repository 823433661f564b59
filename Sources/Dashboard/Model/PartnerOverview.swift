import Contract
import SnapshotView

/// A page of the sorted table of all partners in a cell and month. For administrators.
package struct PartnerOverview: Sendable {
  /// One partner.
  package struct Row: Sendable {
    package let partnerID: String
    package let snapshot: IndicatorSnapshot
  }

  /// What the table is sorted by.
  package enum Order: Sendable, Hashable {
    case name
    case indicator(IndicatorKind)
  }

  package static let pageSize = 50

  package let cell: Cell
  /// Such as "2026-11"; empty while there is no result at all.
  package let month: String
  /// The months that have results, the oldest first.
  package let months: [String]
  package let choices: FilterChoices
  /// How many partners there are on all pages.
  package let count: Int
  /// From 1; the last page if a later one was requested.
  package let page: Int
  package let rows: [Row]

  package var pages: Int { max(1, (count + Self.pageSize - 1) / Self.pageSize) }

  /// The partners whose name or id contains `text`, regardless of case and diacritics. Partners without a value come last. O(n log
  /// n) in all partners.
  package init(
    _ view: SnapshotView, _ names: PartnerNames, cell: Cell, month: String?, text: String, order: Order,
    isDescending: Bool, page: Int
  ) {
    self.cell = cell
    months = view.months(of: Cell())
    self.month = month ?? months.last ?? ""
    choices = FilterChoices(view.cells(inMonth: self.month), product: cell.product)
    var found = view.partnerPlaces(of: cell, month: self.month)
    let part = Folding.bytes(text)
    if !part.isEmpty {
      found = names.withFoldedNames { folded in
        found.filter { Folding.contains(folded($0.id), part) }
      }
    }
    count = found.count
    let lastPage = max(1, (count + Self.pageSize - 1) / Self.pageSize)
    self.page = min(max(1, page), lastPage)
    let places = Self.sorted(found, view, names, order, isDescending)
      .dropFirst((self.page - 1) * Self.pageSize).prefix(Self.pageSize)
    rows = places.map { Row(partnerID: $0.id, snapshot: view.snapshot(of: $0.place)) }
  }

  private static func sorted(
    _ partners: [SnapshotView.PartnerPlace], _ view: SnapshotView, _ names: PartnerNames, _ order: Order,
    _ isDescending: Bool
  ) -> [SnapshotView.PartnerPlace] {
    switch order {
    case .name:
      let keyed = names.withFoldedNames { folded in partners.map { ($0, folded($0.id)) } }
      return keyed.sorted { left, right in
        let (before, after) = isDescending ? (right, left) : (left, right)
        if before.1 != after.1 { return before.1.lexicographicallyPrecedes(after.1) }
        return ExactText(before.0.id) < ExactText(after.0.id)
      }.map(\.0)
    case .indicator(let kind):
      let keyed = partners.map { ($0, view.value(of: kind, at: $0.place)) }
      return keyed.sorted { left, right in
        switch (left.1, right.1) {
        case (let first?, let second?) where first != second:
          return isDescending ? first > second : first < second
        case (_?, nil): return true
        case (nil, _?): return false
        default: return ExactText(left.0.id) < ExactText(right.0.id)
        }
      }.map(\.0)
    }
  }
}
