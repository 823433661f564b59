import Contract
import Indicators

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
