import Contract
import Indicators

/// Whose numbers are to be explained, and which.
package struct ExplanationKey: Hashable, Sendable {
  let partner: ExactText
  package let query: ExplanationQuery

  package init(_ partnerID: String, _ query: ExplanationQuery) {
    (partner, self.query) = (ExactText(partnerID), query)
  }

  var partnerID: String { partner.text }
}
