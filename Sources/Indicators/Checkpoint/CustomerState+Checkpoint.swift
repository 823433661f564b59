import Contract

extension CustomerState {
  func writeCustomer(_ customer: Int32, to writer: inout StateWriter) {
    writer.write(identity(of: customer))
    self[customer].locations.write(to: &writer) { $0.write($1.code) }
  }

  mutating func readCustomer(from reader: inout StateReader) throws(DamagedState) {
    let customer = number(of: try reader.readIdentity())
    let locations = try Timeline(from: &reader) { reader throws(DamagedState) in
      let code = try reader.read(UInt16.self)
      guard code <= 26 * 26 else { throw DamagedState() }
      return Country(code: code)
    }
    setLocations(locations, of: customer)
  }

  func writeSubscription(_ subscription: Int32, to writer: inout StateWriter) {
    let facts = subscriptions[Int(subscription)]
    writer.write(identity(ofSubscription: subscription))
    writer.write(facts.customer)
    facts.timeline.write(to: &writer) { $1.write(to: &$0) }
  }

  mutating func readSubscription(
    from reader: inout StateReader, partners: Int, products: Int, sideSets: Int
  ) throws(DamagedState) {
    let identity = try reader.readIdentity()
    var facts = SubscriptionFacts(customer: try reader.readIndex(below: count))
    facts.timeline = try Timeline(from: &reader) { reader throws(DamagedState) in
      try SubscriptionState(from: &reader, partners: partners, products: products, sideSets: sideSets)
    }
    guard add(facts, of: identity) else { throw DamagedState() }
  }
}
