import Contract
import Indicators

/// A line for each component: its value, its value before, and the difference.
func totalLines(
  _ components: [Component], from before: ComponentValues, to after: ComponentValues,
  _ difference: ComponentValues, _ currency: String
) -> [String] {
  components.map { component in
    let change = difference[component]
    let line = "  \(component.name) = \(after[component]), before \(before[component]): \(change.signed)"
    return component.isMoney ? line + " (\(change.money(currency)))" : line
  }
}

extension [FactChange] {
  /// For each kind of fact: the number of changes by cause, and a line for each change.
  var sections: [String] {
    let allCauses = causes
    return Fact.Kind.allCases.flatMap { kind in
      let changes = filter { $0.fact.kind == kind }
      if changes.isEmpty { return [String]() }
      let title = kind.rawValue.replacing("_", with: " ")
      let causes = allCauses.filter { $0.kind == kind }.map { sum in
        let sums = kind.components.filter { sum.difference[$0] != 0 }
          .map { "\($0.name) \(sum.difference[$0].signed)" }.joined(separator: ", ")
        return
          "  \(String(sum.changes).leftPadded(to: 7))  \(sum.cause.text)\(sums.isEmpty ? "" : ": \(sums)")"
      }
      return ["", "\(title): \(counted(changes.count, "change"))"] + causes + [""] + changes.map(\.line)
    }
  }
}

extension FactChange {
  fileprivate var line: String {
    var words = [fact.month?.description ?? "       ", fact.nameText]
    words.append(difference.map { "\($0.component.name) \($0.amount.signed)" }.joined(separator: ", "))
    var text = cause.text
    if let reasonBefore { text += "; did not count: \(reasonBefore.text)" }
    if let reasonAfter { text += "; does not count: \(reasonAfter.text)" }
    words.append(text)
    if let arrived = arrivedAt?.rfc3339 {
      words.append("event of \(arrived)" + (isLate ? ", late" : ""))
    }
    return "  " + words.joined(separator: "  ")
  }
}
