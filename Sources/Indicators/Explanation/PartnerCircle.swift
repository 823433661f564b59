import Contract

/// The customers that a partner was ever the partner of record of, and the persons that were ever affiliated with it: an
/// explanation needs their facts. Memory: O(customers and persons).
package struct PartnerCircle: Sendable {
  /// The topics that determine the members.
  package static let topics: [Topic] = [.subscriptions, .affiliations]

  package let partnerID: String
  /// The partition count of each input.
  package let partitions: Int32
  private var customers: Set<Identity> = []
  private var persons: Set<Identity> = []

  package init(partnerID: String, partitions: Int32) {
    self.partnerID = partnerID
    self.partitions = partitions
  }

  /// A circle whose members are known.
  package init(partnerID: String, partitions: Int32, customers: [Identity], persons: [Identity]) {
    self.init(partnerID: partnerID, partitions: partitions)
    (self.customers, self.persons) = (Set(customers), Set(persons))
  }

  /// Adds the members that records of `topics` name; ignores records of other topics and rejected ones.
  package mutating func apply(_ run: UnsafeBufferPointer<Record>) {
    let scratch = PayloadScratch()
    for record in run {
      guard let payload = record.value else { continue }
      let limits = EventTimeLimits(recordTimestamp: record.timestamp)
      let placement = Placement(record.partition, of: partitions)
      switch record.topic {
      case .subscriptions:
        guard let event = try? SubscriptionView(payload: payload, scratch: scratch),
          event.dporPartnerID == partnerID, (try? event.check(limits)) != nil,
          (try? placement.check(event.key, key: record.key)) != nil
        else { continue }
        customers.insert(Identity(event.customerID))
      case .affiliations:
        guard let event = try? AffiliationView(payload: payload, scratch: scratch),
          event.partnerID == partnerID, (try? event.check(limits)) != nil,
          (try? placement.check(event.key, key: record.key)) != nil
        else { continue }
        persons.insert(Identity(event.personID))
      default: continue
      }
    }
  }

  func holds(customer: Identity) -> Bool { customers.contains(customer) }
  func holds(person: Identity) -> Bool { persons.contains(person) }
}
