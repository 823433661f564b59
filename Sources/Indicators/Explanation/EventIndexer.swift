import Contract

/// Determines which customer, person or partner each event belongs to. The fact store indexes events by that, to find those of a
/// partner's circle without reading all.
package struct EventIndexer {
  /// How an event is indexed.
  package struct Entry {
    /// The customer, person or partner that the event is about.
    package var owner: Identity
    /// Orders an owner's events as in the log. For usage it is a hash instead, equal for actions with the same effect.
    package var order: Int64
    /// The event's time; nil if it is rejected.
    package var time: Timestamp?
    /// The partner whose circle the event puts the owner into, if it does.
    package var partner: Identity?
  }

  private let catalog: Catalog
  /// The partition count of each input.
  private let partitions: Int32
  private let scratch = PayloadScratch()

  package init(catalog: Catalog, partitions: Int32) {
    (self.catalog, self.partitions) = (catalog, partitions)
  }

  /// The index entry of a record; nil for one that explains nothing: a tombstone, or one that cannot be decoded. O(bytes).
  package func entry(of record: Record) -> Entry? {
    guard let payload = record.value else { return nil }
    return switch record.topic {
    case .usageActions: entry(payload, record) { (event: UsageActionView, limits) in try event.check(limits) }
    case .licenseAssignments:
      entry(payload, record) { (event: LicenseAssignmentView, limits) in try event.check(limits) }
    case .subscriptions:
      entry(payload, record) { (event: SubscriptionView, limits) in try event.check(limits) }
    case .billingLines:
      entry(payload, record) { (event: BillingLineView, limits) in try event.check(limits, catalog) }
    case .instances: entry(payload, record) { (event: InstanceView, limits) in try event.check(limits) }
    case .customers: entry(payload, record) { (event: CustomerView, limits) in try event.check(limits).time }
    case .examPasses: entry(payload, record) { (event: ExamPassView, limits) in try event.check(limits) }
    case .affiliations:
      entry(payload, record) { (event: AffiliationView, limits) in try event.check(limits).time }
    case .partners: entry(payload, record) { (event: PartnerView, limits) in try event.check(limits).time }
    case .partnerPartials, .indicatorSnapshots, .indicatorScales, .rejectedEvents, .generations,
      .taskCheckpoints:
      nil
    }
  }

  private func entry<M: InputMessage>(
    _ payload: UnsafeRawBufferPointer, _ record: Record,
    _ check: (M, EventTimeLimits) throws -> Timestamp
  ) -> Entry? where M.Text == BorrowedText {
    guard let event = try? M(payload: payload, scratch: scratch) else { return nil }
    var entry = Entry(owner: Identity(event.key), order: Self.order(of: record))
    let placement = Placement(record.partition, of: partitions)
    guard (try? placement.check(event.key, key: record.key)) != nil,
      let time = try? check(event, EventTimeLimits(recordTimestamp: record.timestamp))
    else { return entry }
    entry.time = time
    switch event {
    case let event as UsageActionView: entry.order = Self.order(of: event, in: Month(containing: time))
    case let event as SubscriptionView where !event.dporPartnerID.isEmpty:
      entry.partner = Identity(event.dporPartnerID)
    case let event as AffiliationView where !event.partnerID.isEmpty:
      entry.partner = Identity(event.partnerID)
    default: break
    }
    return entry
  }

  /// Topic, partition and offset.
  private static func order(of record: Record) -> Int64 {
    Int64(record.topic.rawValue) << 58 | Int64(record.partition & 0xFFFF) << 42 | record.offset
      & (1 << 42 - 1)
  }

  /// The topic, and a hash of user, subscription, workload, month and intention.
  private static func order(of event: UsageActionView, in month: Month) -> Int64 {
    let said = UsageIdentity(event).both
    let mixed =
      said.low ^ UInt64(bitPattern: Int64(month.index)) &* 0x9E37_79B9_7F4A_7C15 ^ (event.intentional ? 1 : 0)
    let hash = (mixed ^ mixed >> 32) &* 0xD6E8_FEB8_6659_FD93
    return Int64(Topic.usageActions.rawValue) << 58 | Int64(bitPattern: hash >> 6)
  }
}
