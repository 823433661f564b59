import Contract
import Indicators
import ReferenceModel
import Testing

/// Explains the numbers of a log's partners.
struct Explainer {
  let catalog: Catalog
  let log: [LoggedEvent]
  private var books: [Request: FactBook] = [:]

  private struct Request: Hashable {
    var partner: ModelText
    var moment: Int64?
  }

  init(catalog: Catalog, log: [LoggedEvent]) { (self.catalog, self.log) = (catalog, log) }

  mutating func explain(_ partner: String, _ query: ExplanationQuery) -> Explanation? {
    book(of: partner).explain(query)
  }

  /// What a partner's numbers come from, as it was known at a moment: read as the program reads it, in two passes.
  mutating func book(of partner: String, at moment: Int64? = nil) -> FactBook {
    let request = Request(partner: ModelText(partner), moment: moment)
    if let book = books[request] { return book }
    var circle = PartnerCircle(partnerID: partner, partitions: 1)
    withRecords(log) { circle.apply($0) }
    var book = FactBook(catalog: catalog, circle: circle, at: moment)
    withRecords(log) { book.apply($0) }
    books[request] = book
    return book
  }
}

extension CircleEvents {
  /// The events of a log that a partner's numbers come from: read as the program reads them, in two passes.
  init(of partner: String, in log: [LoggedEvent], _ catalog: Catalog) {
    var circle = PartnerCircle(partnerID: partner, partitions: 1)
    withRecords(log) { circle.apply($0) }
    self.init(catalog: catalog, circle: circle)
    withRecords(log) { apply($0) }
  }
}

extension Explanation {
  /// What is wrong with it, whatever the numbers are; nil if nothing is.
  var contradiction: String? {
    var known: Set<[ModelText]> = []
    for fact in facts {
      let texts = [
        fact.kind.rawValue, fact.owner, fact.subscription, fact.name, fact.workload,
        fact.month?.description ?? "", fact.refusal?.rawValue ?? "",
      ]
      if !known.insert(texts.map { ModelText($0) }).inserted { return "\(texts) stands twice" }
      if (fact.reason == nil) == fact.shares.isEmpty { return "\(fact) neither counts nor does not" }
      if (fact.reason == .refused) != (fact.refusal != nil) { return "\(fact) is refused for no reason" }
    }
    let counted = counts.reduce(0) { $0 + $1.facts }
    return counted == facts.count ? nil : "\(counted) of \(facts.count) facts are counted by reason"
  }
}
