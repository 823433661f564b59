import Contract

extension EntityState {
  func writeCustomers(to writer: inout StateWriter) {
    writer.writeAll(customerNumbers.byNumber) { writer, customer in
      writer.write(customer.key)
      customers[Int(customer.value)].locations.write(to: &writer) { $0.write($1.code) }
    }
  }

  func readCustomers(from reader: inout StateReader) throws(DamagedState) {
    for _ in 0..<(try reader.readCount()) {
      let customer = customerNumber(try reader.readIdentity())
      customers[Int(customer)].locations = try Timeline(from: &reader) { reader throws(DamagedState) in
        let code = try reader.read(UInt16.self)
        guard code <= 26 * 26 else { throw DamagedState() }
        return Country(code: code)
      }
    }
  }

  func writeSubscriptions(to writer: inout StateWriter) {
    writer.writeAll(subscriptionNumbers.byNumber) { writer, subscription in
      let facts = subscriptions[Int(subscription.value)]
      writer.write(subscription.key)
      writer.write(facts.customer)
      facts.timeline.write(to: &writer) { $1.write(to: &$0) }
    }
  }

  func readSubscriptions(from reader: inout StateReader) throws(DamagedState) {
    for number in 0..<Int32(clamping: try reader.readCount()) {
      let identity = try reader.readIdentity()
      guard subscriptionNumbers.updateValue(number, forKey: identity) == nil else { throw DamagedState() }
      let customer: Int32 = try reader.readIndex(below: customers.count)
      var facts = SubscriptionFacts(customer: customer)
      facts.timeline = try Timeline(from: &reader) { reader throws(DamagedState) in
        try SubscriptionState(
          from: &reader, partners: partners.names.count, products: catalog.products.count,
          sideSets: sideSets.count)
      }
      subscriptions.append(facts)
      customers[Int(customer)].subscriptions.append(number)
    }
  }
}
