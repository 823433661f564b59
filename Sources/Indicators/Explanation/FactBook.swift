import Contract

/// All facts of a partner's circle, with their ids and names, from which any number of the partner can be explained.
///
/// A pure function of the set of distinct events, as `EntityState` is, but facts are evaluated only on request (`explain`). Memory:
/// O(facts of the circle's customers and persons); of other events only the times are kept.
package struct FactBook: Sendable {
  struct CustomerEntry {
    var id: String
    /// The newest name, and the order of its event; empty if there is none.
    var name = ""
    var namedAt: StepOrder?
    var facts = CustomerFacts()
  }

  struct SubscriptionEntry {
    var customer: Int32
    var id: String
    var timeline = Timeline<SubscriptionState>()
  }

  struct AssignmentEntry {
    var subscription: Int32
    var user: String
    var timeline = Timeline<Bool>()
  }

  struct InstanceStep: Equatable, Sendable {
    var state: InstanceState
    var workload: ExactText
    var deployed: Bool
  }

  struct InstanceEntry {
    var subscription: Int32
    var id: String
    var timeline = Timeline<InstanceStep>()
  }

  struct LineEntry {
    var subscription: Int32
    var line: BillingLine<String>
    var billedAt: Timestamp
  }

  /// The activity of a user in a workload of a subscription.
  struct UsageEntry {
    var subscription: Int32
    var user: String
    var workload: String
    /// Ascending; each with whether any action was intentional.
    var months: [(month: Month, isIntentional: Bool)] = []
  }

  struct PassEntry {
    var pass: ExamPass<String>
    var passedAt: Timestamp
  }

  struct PersonEntry {
    var id: String
    var affiliations = Timeline<AffiliationState>()
    var passes: [Identity: PassEntry] = [:]
  }

  package let catalog: Catalog
  package let circle: PartnerCircle
  package internal(set) var clock = EventClock()
  /// The partner's number in `partners`.
  let partner: Int32
  /// Records with later timestamps are left out, in milliseconds since 1970; nil for no limit.
  private let moment: Int64?

  var partners = PartnerRegistry()
  var sideSets: ProductSideSets
  var eligibility = Timeline<Eligibility>()
  var customers: [CustomerEntry] = []
  var customerNumbers: [Identity: Int32] = [:]
  var subscriptions: [SubscriptionEntry] = []
  var subscriptionNumbers: [Identity: Int32] = [:]
  var lines: [Identity: LineEntry] = [:]
  var assignments: [Identity: AssignmentEntry] = [:]
  var instances: [Identity: InstanceEntry] = [:]
  var usage: [Identity: UsageEntry] = [:]
  var persons: [Identity: PersonEntry] = [:]
  /// Rejected events of the circle, each once.
  var refused: [Identity: Fact] = [:]
  var arrivals = Arrivals()

  /// With a `moment`, in milliseconds since 1970, the book ignores records with later timestamps. With `newest`, the newest time of
  /// all events, only the events of the circle need to be applied.
  package init(
    catalog: Catalog, circle: PartnerCircle, at moment: Int64? = nil, newest: Timestamp? = nil
  ) {
    self.catalog = catalog
    self.circle = circle
    self.moment = moment
    sideSets = ProductSideSets(catalog: catalog)
    var partners = PartnerRegistry()
    partner = circle.partnerID.withUTF8Bytes { partners.number(of: BorrowedText(validUTF8: $0)) }
    self.partners = partners
    if let newest { advanceClock(to: newest) }
  }

  /// Applies records of input topics, in order within each partition. Rejected ones are only noted.
  package mutating func apply(_ run: UnsafeBufferPointer<Record>) {
    let scratch = PayloadScratch()
    for record in run {
      guard let payload = record.value, isKnown(record) else { continue }
      arrivals.now = record.timestamp
      do {
        try apply(payload, of: record, scratch)
      } catch let refusal as Refusal {
        note(refusal, payload, of: record.topic, scratch)
      } catch {
        // Not decodable, so its owner is unknown.
        continue
      }
    }
  }

  private func isKnown(_ record: Record) -> Bool {
    guard let moment, let time = record.timestamp else { return true }
    return time <= moment
  }

  private mutating func apply(
    _ payload: UnsafeRawBufferPointer, of record: Record, _ scratch: PayloadScratch
  ) throws {
    let limits = EventTimeLimits(recordTimestamp: record.timestamp)
    let placement = Placement(record.partition, of: circle.partitions)
    func decoded<M: InputMessage>() throws -> M where M.Text == BorrowedText {
      let message = try M(payload: payload, scratch: scratch)
      try placement.check(message.key, key: record.key)
      return message
    }
    switch record.topic {
    case .usageActions: try apply(decoded() as UsageActionView, limits)
    case .licenseAssignments: try apply(decoded() as LicenseAssignmentView, limits)
    case .subscriptions: try apply(decoded() as SubscriptionView, limits)
    case .billingLines: try apply(decoded() as BillingLineView, limits)
    case .instances: try apply(decoded() as InstanceView, limits)
    case .customers: try apply(decoded() as CustomerView, limits)
    case .examPasses: try apply(decoded() as ExamPassView, limits)
    case .affiliations: try apply(decoded() as AffiliationView, limits)
    case .partners: try apply(decoded() as PartnerView, limits)
    case .partnerPartials, .indicatorSnapshots, .indicatorScales, .rejectedEvents, .generations,
      .taskCheckpoints:
      break
    }
  }

  /// Applies the time of an accepted event.
  mutating func advanceClock(to time: Timestamp) { _ = clock.advance(to: time) }
}
