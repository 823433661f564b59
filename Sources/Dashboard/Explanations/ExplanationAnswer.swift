import Contract
import Indicators

/// What there is to say to who asks for an explanation.
enum ExplanationAnswer: Sendable {
  case ready(Explanation)
  /// The same for a comparison.
  case compared(ExplanationDifference)
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
    case .ready(let explanation): explanation.differs(from: published)
    case .compared(let difference): difference.after.differs(from: published)
    case .failed: true
    case .inWork, .busy, .tooMany, .unknownCell: false
    }
  }
}

extension Explanation {
  fileprivate func differs(from published: Components?) -> Bool {
    let total = total
    guard let published else { return standing == .published && !total.isZero }
    return components.contains { total[$0] != published[$0] }
  }
}

/// Whose numbers are to be explained, which, and what they are compared with, if they are.
package struct ExplanationKey: Hashable, Sendable {
  let partner: ExactText
  package let query: ExplanationQuery
  let comparison: ExplanationQuery.Comparison?

  package init(
    _ partnerID: String, _ query: ExplanationQuery, against comparison: ExplanationQuery.Comparison? = nil
  ) {
    (partner, self.query, self.comparison) = (ExactText(partnerID), query, comparison)
  }

  var partnerID: String { partner.text }
}
