import Contract
import Indicators

/// The response to a request for an explanation.
enum ExplanationAnswer: Sendable {
  case facts(Explanation)
  /// Why numbers differ.
  case difference(ExplanationDifference)
  /// When numbers changed.
  case history(NumberHistory)
  /// It is being made; ask again.
  case inWork
  /// Too many requests wait; ask later.
  case busy
  /// Too many requests of the same client wait.
  case tooMany
  /// The catalog has no such product or workload.
  case unknownCell
  case failed(String)

  /// Whether its numbers differ from the published ones, so that it is outdated.
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
    // A page that ends at some time does not change.
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

/// What is to be explained: a partner's numbers, and the question about them.
package struct ExplanationKey: Hashable, Sendable {
  /// What is asked about the numbers.
  package enum Question: Hashable, Sendable {
    /// Why they are what they are.
    case facts
    /// Why they differ from others.
    case difference(ExplanationQuery.Comparison)
    /// When they changed.
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

  /// What the numbers are compared with; nil for another question.
  var comparison: ExplanationQuery.Comparison? {
    if case .difference(let comparison) = question { comparison } else { nil }
  }

  var partnerID: String { partner.text }
}
