import Contract

/// A checkpoint holds the facts; what they contribute follows from them when it is read.
extension EntityState {
  public func encode() -> [UInt8] {
    var writer = StateWriter()
    clock.write(to: &writer)
    writer.write(base)
    writer.write(UInt64(expiredCount))
    partners.write(to: &writer)
    sideSets.write(to: &writer)
    writeCustomers(to: &writer)
    writeSubscriptions(to: &writer)
    writeLines(to: &writer)
    writeAssignments(to: &writer)
    writeInstances(to: &writer)
    writePersons(to: &writer)
    writeUsage(to: &writer)
    return writer.bytes
  }

  /// Reads what `encode` wrote under the same catalogue. All changes count as told.
  public convenience init(catalog: Catalog, decoding bytes: UnsafeRawBufferPointer) throws(DamagedState) {
    self.init(catalog: catalog)
    var reader = StateReader(bytes)
    clock = try EventClock(from: &reader)
    base = try reader.readMonth()
    guard clock.newest == nil || (base <= clock.oldestMonth && clock.currentMonth - base < 64) else {
      throw DamagedState()
    }
    expiredCount = Int(clamping: try reader.read(UInt64.self))
    partners = try PartnerRegistry(from: &reader)
    sideSets = try SideSets(catalog: catalog, from: &reader)
    try readCustomers(from: &reader)
    try readSubscriptions(from: &reader)
    try readLines(from: &reader)
    try readAssignments(from: &reader)
    try readInstances(from: &reader)
    try readPersons(from: &reader)
    try readUsage(from: &reader)
    guard reader.isAtEnd else { throw DamagedState() }
    contributeEverything()
    discardChanges()
  }
}

extension EntityState {
  private func writeCustomers(to writer: inout StateWriter) {
    writer.writeAll(customerNumbers.byNumber) { writer, customer in
      writer.write(customer.key)
      customers[Int(customer.value)].locations.write(to: &writer) { $0.write($1.code) }
    }
  }

  private func readCustomers(from reader: inout StateReader) throws(DamagedState) {
    for _ in 0..<(try reader.readCount()) {
      let customer = customerNumber(try reader.readIdentity())
      customers[Int(customer)].locations = try Timeline(from: &reader) { reader throws(DamagedState) in
        let code = try reader.read(UInt16.self)
        guard code <= 26 * 26 else { throw DamagedState() }
        return Country(code: code)
      }
    }
  }

  private func writeSubscriptions(to writer: inout StateWriter) {
    writer.writeAll(subscriptionNumbers.byNumber) { writer, subscription in
      let facts = subscriptions[Int(subscription.value)]
      writer.write(subscription.key)
      writer.write(facts.customer)
      facts.timeline.write(to: &writer) { $1.write(to: &$0) }
    }
  }

  private func readSubscriptions(from reader: inout StateReader) throws(DamagedState) {
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

  private func writeLines(to writer: inout StateWriter) {
    writer.writeAll(lines) { writer, line in
      writer.write(line.key)
      writer.write(line.value.revision)
      writer.write(line.value.subscription)
      writer.write(line.value.month)
      writer.write(line.value.amountMicros)
    }
  }

  private func readLines(from reader: inout StateReader) throws(DamagedState) {
    for _ in 0..<(try reader.readCount()) {
      let identity = try reader.readIdentity()
      let line = BillingLineFact(
        revision: try reader.read(), subscription: try reader.readIndex(below: subscriptions.count),
        month: try reader.readMonth(), amountMicros: try reader.read())
      lines[identity] = line
      contribute(line, .add)
    }
  }

  private func writeAssignments(to writer: inout StateWriter) {
    writer.writeAll(assignments) { writer, assignment in
      writer.write(assignment.key)
      writer.write(assignment.value.subscription)
      assignment.value.timeline.write(to: &writer) { $0.write($1) }
    }
  }

  private func readAssignments(from reader: inout StateReader) throws(DamagedState) {
    for _ in 0..<(try reader.readCount()) {
      let identity = try reader.readIdentity()
      var facts = AssignmentFacts(subscription: try reader.readIndex(below: subscriptions.count))
      facts.timeline = try Timeline(from: &reader) { reader throws(DamagedState) in try reader.readBool() }
      assignments[identity] = facts
      facts.timeline.forEachRun(in: .distantPast..<Month.never) { months, isAssigned in
        if isAssigned { subscriptions[Int(facts.subscription)].assigned.addLevel(1, during: months) }
      }
    }
  }

  private func writeInstances(to writer: inout StateWriter) {
    writer.writeAll(instances) { writer, instance in
      writer.write(instance.key)
      writer.write(instance.value.subscription)
      instance.value.timeline.write(to: &writer) {
        $0.write($1.workload)
        $0.write($1.isInProduction)
      }
    }
  }

  private func readInstances(from reader: inout StateReader) throws(DamagedState) {
    let workloads = catalog.workloadIndex.count
    for _ in 0..<(try reader.readCount()) {
      let identity = try reader.readIdentity()
      var facts = InstanceFacts(subscription: try reader.readIndex(below: subscriptions.count))
      facts.timeline = try Timeline(from: &reader) { reader throws(DamagedState) in
        InstanceState(
          workload: try reader.readIndex(below: workloads, orNone: -1), isInProduction: try reader.readBool())
      }
      instances[identity] = facts
      facts.timeline.forEachRun(in: .distantPast..<Month.never) { months, state in
        guard state.counts else { return }
        subscriptions[Int(facts.subscription)].addInstances(1, in: state.workload, during: months)
      }
    }
  }

  private func writePersons(to writer: inout StateWriter) {
    writer.writeAll(personNumbers.byNumber) { writer, person in
      let facts = persons[Int(person.value)]
      writer.write(person.key)
      facts.affiliations.write(to: &writer) {
        $0.write($1.partner)
        $0.write($1.country.code)
      }
      writer.writeAll(facts.passes) { writer, pass in
        writer.write(pass.exam)
        writer.write(pass.revision)
        writer.write(pass.held.lowerBound)
        writer.write(pass.held.upperBound)
      }
    }
  }

  private func readPersons(from reader: inout StateReader) throws(DamagedState) {
    let partnerCount = partners.names.count
    for number in 0..<Int32(clamping: try reader.readCount()) {
      guard personNumbers.updateValue(number, forKey: try reader.readIdentity()) == nil else {
        throw DamagedState()
      }
      var facts = PersonFacts()
      facts.affiliations = try Timeline(from: &reader) { reader throws(DamagedState) in
        let partner: Int32 = try reader.readIndex(below: partnerCount, orNone: PartnerRegistry.none)
        let code = try reader.read(UInt16.self)
        guard code <= 26 * 26 else { throw DamagedState() }
        return AffiliationState(partner: partner, country: Country(code: code))
      }
      facts.passes = try reader.readAll { reader throws(DamagedState) in
        let (exam, revision) = (try reader.readIdentity(), try reader.read(Int64.self))
        let (from, until) = (try reader.readMonth(), try reader.readMonth())
        guard from <= until else { throw DamagedState() }
        return ExamPassFact(exam: exam, revision: revision, held: from..<until)
      }
      persons.append(facts)
    }
  }

  private func writeUsage(to writer: inout StateWriter) {
    writer.write(UInt64(usage.places.count))
    for number in 0..<usage.places.count {
      let place = usage.places[number]
      writer.write(place.identity)
      writer.write(place.subscription)
      writer.write(place.workload)
    }
    writer.write(UInt64(usage.count))
    usage.forEach { user, place, months in
      writer.write(user)
      writer.write(place)
      writer.write(months)
    }
  }

  private func readUsage(from reader: inout StateReader) throws(DamagedState) {
    for _ in 0..<(try reader.readCount()) {
      let identity = try reader.readIdentity()
      let subscription: Int32 = try reader.readIndex(below: subscriptions.count)
      let workload: Int16 = try reader.readIndex(below: catalog.workloadIndex.count)
      let place = usage.addPlace(identity, subscription: subscription, workload: workload)
      subscriptions[Int(subscription)].places.append(place)
    }
    for _ in 0..<(try reader.readCount()) {
      let user = try reader.readIdentity()
      let place: UInt32 = try reader.readIndex(below: usage.places.count)
      _ = usage.insert(try reader.read(), of: user, in: place)
    }
  }
}

extension Dictionary where Key == Identity, Value == Int32 {
  /// In the order in which the numbers were given, which numbers them alike when read.
  fileprivate var byNumber: [(key: Identity, value: Int32)] { sorted { $0.value < $1.value } }
}
