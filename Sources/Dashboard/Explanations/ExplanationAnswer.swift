import Contract
import Indicators

/// What there is to say to who asks for an explanation.
enum ExplanationAnswer: Sendable {
  case facts(Explanation)
  /// The same for a comparison.
  case difference(ExplanationDifference)
  /// How the numbers came to be what they are.
  case history(NumberHistory)
  /// It is being made; to be asked for again.
  case inWork
  /// Too many wait for theirs; to be asked for later.
  case busy
  /// Too many of the same client wait for theirs.
  case tooMany
  /// The catalog has no such product or workload.
  case unknownCell
  case failed(String)

  /// Whether it says other numbers than those that are published by now.
  func differs(from published: Components?) -> Bool {
    switch self {
    case .facts(let explanation): explanation.differs(from: published)
    case .difference(let difference): difference.after.differs(from: published)
    case .history(let history): history.differs(from: published)
    case .failed: true
    case .inWork, .busy, .tooMany, .unknownCell: false
    }
  }
}

extension Explanation {
  fileprivate func differs(from published: Components?) -> Bool {
    components.differ(total, standing, from: published)
  }
}

extension NumberHistory {
  fileprivate func differs(from published: Components?) -> Bool {
    // What was known at some time does not change.
    page.end == nil && components.differ(newest.total, newest.standing, from: published)
  }
}

extension [Component] {
  fileprivate func differ(
    _ total: ComponentValues, _ standing: Explanation.Standing, from published: Components?
  ) -> Bool {
    guard let published else { return standing == .published && !total.isZero }
    return contains { total[$0] != published[$0] }
  }
}

/// Whose numbers are to be explained, which, and what is asked about them.
package struct ExplanationKey: Hashable, Sendable {
  package enum Question: Hashable, Sendable {
    case facts
    case difference(ExplanationQuery.Comparison)
    case history(NumberHistory.Page)

    init(_ comparison: ExplanationQuery.Comparison?) {
      self = comparison.map { .difference($0) } ?? .facts
    }
  }

  let partner: ExactText
  package let query: ExplanationQuery
  let question: Question

  package init(_ partnerID: String, _ query: ExplanationQuery, _ question: Question = .facts) {
    (partner, self.query, self.question) = (ExactText(partnerID), query, question)
  }

  /// What numbers are compared with; nil for nothing.
  var comparison: ExplanationQuery.Comparison? {
    if case .difference(let comparison) = question { comparison } else { nil }
  }

  var partnerID: String { partner.text }
}
