import Contract
import Indicators

/// Whose numbers are to be explained, and which.
struct ExplanationKey: Hashable, Sendable {
  let partner: ExactText
  let query: ExplanationQuery

  init(_ partnerID: String, _ query: ExplanationQuery) {
    (partner, self.query) = (ExactText(partnerID), query)
  }

  var partnerID: String { partner.text }
}
