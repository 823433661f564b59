import Contract

/// The customers and persons that a partner was ever of record for, or was ever told to employ: whose facts an explanation
/// needs. O(such customers and persons).
package struct PartnerCircle: Sendable {
  /// Where the members are named.
  package static let topics: [Topic] = [.subscriptions, .affiliations]

  package let partnerID: String
  /// Partitions of each input.
  package let partitions: Int32
  private var customers: Set<Identity> = []
  private var persons: Set<Identity> = []

  package init(partnerID: String, partitions: Int32) {
    self.partnerID = partnerID
    self.partitions = partitions
  }

  /// One whose members are known.
  package init(partnerID: String, partitions: Int32, customers: [Identity], persons: [Identity]) {
    self.init(partnerID: partnerID, partitions: partitions)
    (self.customers, self.persons) = (Set(customers), Set(persons))
  }

  /// Takes in records of `topics`; those of others, and those that are refused, say nothing.
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
