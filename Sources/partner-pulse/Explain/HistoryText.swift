import Contract
import Indicators

/// The history of a month's numbers as plain text for a terminal.
struct HistoryText {
  private let history: NumberHistory
  private let currency: String

  init(_ history: NumberHistory, currency: String) {
    (self.history, self.currency) = (history, currency)
  }

  var text: String { (head + history.steps.flatMap(step)).terminalText }

  private var head: [String] {
    let query = history.query
    let title = "\(history.partnerID) in \(query.month) as it became known: \(query.cell.filterText)"
    return [title, "", "now: \(remark(history.newest))"]
      + history.components.map { component in
        let line = "  \(component.name) = \(history.newest.total[component])"
        return component.isMoney ? line + " (\(history.newest.total[component].money(currency)))" : line
      }
  }

  private func step(_ step: NumberHistory.Step) -> [String] {
    let isPublicationNew = step.before.standing != step.after.standing
    let remark = isPublicationNew ? ": \(remark(step.before)) before, \(remark(step.after)) then" : ""
    return ["", "\(history.page.unit.text)\(step.start.rfc3339 ?? "?")\(remark)"]
      + totalLines(history.components, from: step.before.total, to: step.after.total, step.total, currency)
      + step.changes.sections
  }

  private func remark(_ figures: NumberHistory.Figures) -> String {
    switch figures.standing {
    case .published: "published"
    case .otherMonth: "not published"
    case .unknownPartner: "partner unknown"
    case .noAccount: "neither an MPN nor a CSP account"
    case .excludedCountry: "excluded country"
    }
  }
}

extension NumberHistory.Page.Unit {
  /// The words before the start time of a unit.
  fileprivate var text: String {
    switch self {
    case .day: "in the day from "
    case .hour: "in the hour from "
    case .minute: "in the minute from "
    case .arrival: "at "
    }
  }
}
