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

  var text: String { (head + [""] + totals + sections).terminalText }

  private var head: [String] {
    let (before, after) = (difference.before, difference.after)
    let other = difference.since?.rfc3339.map { "as known at \($0)" } ?? "\(before.month)"
    let place = "\(after.cell.filterText); \(after.newestText)"
    let remarks = difference.since == nil ? [before.remark, after.remark] : [after.remark]
    return ["\(after.partnerID) in \(after.month) against \(other): \(place)"] + remarks.compactMap { $0 }
  }

  private var totals: [String] {
    let (before, after, total) = (difference.before.total, difference.after.total, difference.total)
    return difference.after.components.map { component in
      let line =
        "  \(component.name) = \(after[component]), before \(before[component]): \(total[component].signed)"
      return component.isMoney ? line + " (\(total[component].money(currency)))" : line
    }
  }

  private var sections: [String] {
    let allCauses = difference.causes
    return Fact.Kind.allCases.flatMap { kind in
      let changes = difference.changes.filter { $0.fact.kind == kind }
      if changes.isEmpty { return [String]() }
      let title = kind.rawValue.replacing("_", with: " ")
      let causes = allCauses.filter { $0.kind == kind }.map { sum in
        let sums = kind.components.filter { sum.difference[$0] != 0 }
          .map { "\($0.name) \(sum.difference[$0].signed)" }.joined(separator: ", ")
        return
          "  \(String(sum.changes).leftPadded(to: 7))  \(sum.cause.text)\(sums.isEmpty ? "" : ": \(sums)")"
      }
      return ["", "\(title): \(counted(changes.count, "change"))"] + causes + [""] + changes.map(line)
    }
  }

  private func line(_ change: FactChange) -> String {
    var words = [change.fact.month?.description ?? "       ", change.fact.nameText]
    words.append(change.difference.map { "\($0.component.name) \($0.amount.signed)" }.joined(separator: ", "))
    var cause = change.cause.text
    if let reason = change.reasonBefore { cause += "; did not count: \(reason.text)" }
    if let reason = change.reasonAfter { cause += "; does not count: \(reason.text)" }
    words.append(cause)
    if let arrived = change.arrivedAt?.rfc3339 {
      words.append("event of \(arrived)" + (change.isLate ? ", late" : ""))
    }
    return "  " + words.joined(separator: "  ")
  }
}

extension FactChange.Cause {
  fileprivate var text: String {
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
