import Contract

extension EntityState {
  func writeCustomer(_ customer: Int, to writer: inout StateWriter) {
    writer.write(customerNumbers.identity(of: Int32(customer)))
    customers[customer].locations.write(to: &writer) { $0.write($1.code) }
  }

  func readCustomer(from reader: inout StateReader) throws(DamagedState) {
    let customer = customerNumber(try reader.readIdentity())
    customers[Int(customer)].locations = try Timeline(from: &reader) { reader throws(DamagedState) in
      let code = try reader.read(UInt16.self)
      guard code <= 26 * 26 else { throw DamagedState() }
      return Country(code: code)
    }
  }

  func writeSubscription(_ subscription: Int, to writer: inout StateWriter) {
    let facts = subscriptions[subscription]
    writer.write(subscriptionNumbers.identity(of: Int32(subscription)))
    writer.write(facts.customer)
    facts.timeline.write(to: &writer) { $1.write(to: &$0) }
  }

  func readSubscription(from reader: inout StateReader) throws(DamagedState) {
    let identity = try reader.readIdentity()
    guard subscriptionNumbers.take(identity).isNew else { throw DamagedState() }
    let customer: Int32 = try reader.readIndex(below: customers.count)
    var facts = SubscriptionFacts(customer: customer)
    facts.timeline = try Timeline(from: &reader) { reader throws(DamagedState) in
      try SubscriptionState(
        from: &reader, partners: partners.names.count, products: catalog.products.count,
        sideSets: sideSets.count)
    }
    customers[Int(customer)].subscriptions.append(Int32(subscriptions.count))
    subscriptions.append(facts)
  }
}
