import Contract
import Indicators

/// Whose numbers are to be explained, and which.
struct ExplanationKey: Hashable, Sendable {
  /// Ids are equal if their bytes are; strings are equal more often.
  private let texts: [[UInt8]]
  let partnerID: String
  let query: ExplanationQuery

  init(_ partnerID: String, _ query: ExplanationQuery) {
    (self.partnerID, self.query) = (partnerID, query)
    let cell = query.cell
    texts = [partnerID, cell.product, cell.workload, cell.country].map { Array($0.utf8) }
  }

  /// The partner's id as it is compared.
  var partner: [UInt8] { texts[0] }

  static func == (a: ExplanationKey, b: ExplanationKey) -> Bool {
    a.texts == b.texts && a.query.month == b.query.month && a.query.indicator == b.query.indicator
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(texts)
    hasher.combine(query.month)
    hasher.combine(query.indicator)
  }
}
