import Contract
import Indicators

/// The difference between two explanations as plain text for a terminal.
struct DifferenceText {
  private let difference: ExplanationDifference
  private let currency: String

  init(_ difference: ExplanationDifference, currency: String) {
    self.difference = difference
    self.currency = currency
  }

  var text: String { (head + [""] + totals + customers + difference.changes.sections).terminalText }

  private var head: [String] {
    let (before, after) = (difference.before, difference.after)
    let other = difference.since?.rfc3339.map { "as known at \($0)" } ?? "\(before.month)"
    let place = "\(after.cell.filterText); \(after.newestText)"
    let remarks = difference.since == nil ? [before.remark, after.remark] : [after.remark]
    return ["\(after.partnerID) in \(after.month) against \(other): \(place)"] + remarks.compactMap { $0 }
  }

  private var totals: [String] {
    let (before, after) = (difference.before.total, difference.after.total)
    return totalLines(difference.after.components, from: before, to: after, difference.total, currency)
  }

  private var customers: [String] {
    let components = difference.after.components.ofCustomers
    return difference.customers.section { subtotal in
      components.filter { subtotal.total[$0] != 0 }.map { "\($0.name) \(subtotal.total[$0].signed)" }
    }
  }
}

extension FactChange.Cause {
  var text: String {
    switch self {
    case .arrived: "arrived"
    case .corrected: "corrected"
    case .changedOwner: "changed owner"
    case .cameIn: "came in"
    case .leftWindow: "left the twelve-month window"
    case .ended: "ended"
    case .changed: "counts for another amount"
    }
  }
}
