import Contract

/// The facts about the customers, persons and partners of one partition, and what they contribute to each partner and cell.
///
/// It is a pure function of the set of distinct events: their order and repetitions do not matter. Every event changes one
/// fact or one step of a timeline: what the months that it covers have contributed is withdrawn, the fact is changed, and
/// what they contribute now is added. So the work is in proportion to what changes.
///
/// One thread at a time owns it.
package final class EntityState {
  package let catalog: Catalog
  let placement: Placement
  /// The partition in which the last event that was rejected as misplaced belongs.
  package private(set) var expectedPartition: Int32 = 0
  package internal(set) var clock = EventClock()

  var usage = UsageState()
  var customers = CustomerState()
  var persons = PersonState()
  var partners = PartnerRegistry()
  var contributions: Contributions

  /// Usage and billing events that were older than any month that counts.
  package internal(set) var expiredCount = 0
  let scratch = PayloadScratch()

  /// The first sum that did not fit; from then on nothing of the state may be published.
  package var sumOutOfRange: SumOutOfRange? {
    contributions.aggregates.outOfRange.map {
      SumOutOfRange(partnerID: partners.names[Int($0.key.partner)], component: $0.component)
    }
  }

  package init(catalog: Catalog, placement: Placement) {
    self.catalog = catalog
    self.placement = placement
    contributions = Contributions(catalog: catalog)
  }

  /// Applies records of one input topic in order. Calls `refuse` with the index of each record that is rejected, which
  /// changes nothing else, and with the reason.
  package func apply(_ run: UnsafeBufferPointer<Record>, refuse: (Int, Refusal) -> Void) {
    if run.first?.topic == .usageActions { return applyUsage(run, refuse) }
    for (index, record) in run.enumerated() {
      do throws(Refusal) {
        try apply(record)
      } catch {
        refuse(index, error)
      }
    }
  }

  private func apply(_ record: Record) throws(Refusal) {
    guard let payload = record.value else { throw .notDecodable }
    let limits = EventTimeLimits(recordTimestamp: record.timestamp)
    switch record.topic {
    case .licenseAssignments: try apply(decode(payload, record.key) as LicenseAssignmentView, limits)
    case .subscriptions: try apply(decode(payload, record.key) as SubscriptionView, limits)
    case .billingLines: try apply(decode(payload, record.key) as BillingLineView, limits)
    case .instances: try apply(decode(payload, record.key) as InstanceView, limits)
    case .customers: try apply(decode(payload, record.key) as CustomerView, limits)
    case .examPasses: try apply(decode(payload, record.key) as ExamPassView, limits)
    case .affiliations: try apply(decode(payload, record.key) as AffiliationView, limits)
    case .partners: try apply(decode(payload, record.key) as PartnerView, limits)
    case .usageActions, .partnerPartials, .indicatorSnapshots, .indicatorScales, .rejectedEvents,
      .generations, .taskCheckpoints:
      throw .notDecodable
    }
  }

  private func decode<M: InputMessage>(
    _ payload: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer?
  ) throws(Refusal) -> M where M.Text == BorrowedText {
    let message: M
    do {
      message = try M(payload: payload, scratch: scratch)
    } catch {
      throw .notDecodable
    }
    do throws(Refusal) {
      try placement.check(message.key, key: key)
    } catch {
      expect(message.key)
      throw error
    }
    return message
  }

  /// Sets `expectedPartition` to where the events of an entity belong.
  func expect(_ id: BorrowedText) { expectedPartition = partition(ofKey: id, count: placement.count) }

  /// Advances the clock to the time of an accepted event.
  @inline(__always)
  func advanceClock(to time: Timestamp) {
    if clock.advance(to: time) { moveBase() }
  }

  /// The bits of months reach from the base to the last month whose trailing twelve include the current one, within 64.
  private static let longestStride = 51

  /// The most months in which a partner's values in a cell may change: from the base to the current month and the next one,
  /// and those in which a pass may still expire.
  package static let longestContribution = longestStride + 2 + EventLimits.monthsOfPass

  private func moveBase() {
    let (oldest, base) = (clock.oldestMonth, contributions.base)
    if base == .distantPast {
      contributions.base = oldest
    } else if clock.currentMonth - base > Self.longestStride {
      contributions.base = oldest
      usage.advanceBase(by: oldest - base)
      // What was added or lost in the base month depends on the month before it.
      customers.forget(before: oldest - 1)
      contributeEverything()
    }
  }

  /// Adds the contributions of all facts again, after the base has advanced or the facts were read from a checkpoint.
  /// O(facts and what they contribute to).
  func contributeEverything() {
    contributions.aggregates.removeContributions()
    contributeEverything(to: &contributions)
  }

  /// Adds the contributions of all facts to empty contributions.
  func contributeEverything(to contributions: inout Contributions) {
    contributions.aggregates.beginGathering()
    for customer in customers.numbers { customers.contributeEverything(of: customer, to: &contributions) }
    usage.contribute(usage.users, .add, customers, to: &contributions)
    for person in persons.numbers { persons.contribute(person, .add, to: &contributions) }
    contributions.aggregates.endGathering()
  }

  // MARK: Sizes

  /// The number of entries: customers, subscriptions, billing lines, assignments, instances, persons and active (user,
  /// subscription, workload)s. O(1).
  package var entryCount: Int { customers.entryCount + persons.count + usage.count }

  /// Approximate bytes of memory by kind. O(1): entries of different sizes are sampled.
  package var stateBytes: [(kind: String, bytes: Int)] {
    [("usage", usage.byteCount)] + customers.stateBytes + [
      ("persons", persons.byteCount),
      ("partners", partners.byteCount),
      ("contributions", contributions.aggregates.byteCount),
    ]
  }
}
