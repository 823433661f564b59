import Contract

extension LiveMarket {
  /// Assigns a license to a new user; returns the seat.
  mutating func hire(at time: Int64) -> Market.Seat? {
    guard let index = drawSubscription() else { return nil }
    let customer = builder.market.subscriptions[index].customer
    let user = builder.plan.users + counter
    counter += 1
    var assignment = LicenseAssignment<String>()
    assignment.customerID = builder.market.customers[customer].id
    assignment.subscriptionID = Market.subscriptionID(builder.market.subscriptions[index].number)
    assignment.userID = Market.userID(user, of: builder.market.customers[customer], seed: builder.plan.seed)
    assignment.assigned = true
    assignment.effectiveAt = Timestamp(time)
    assignment.revision = 1
    builder.put(assignment, at: time, &random)
    let day = Int32(time / secondsPerDay)
    let seat = Market.Seat(
      user: Int32(user), subscription: Int32(index), firstDay: day, endDay: .max, activity: 2)
    builder.market.seats.append(seat)
    return seat
  }

  /// A customer buys more seats, and pays for them.
  mutating func sell(at time: Int64) {
    guard let index = drawSubscription() else { return }
    let seats = builder.market.subscriptions[index].seats
    builder.market.subscriptions[index].seats += Int64(random.within(1...10)) + seats / 50
    putStep(of: index, at: time)
    bill(index, sign: 1, at: time)
  }

  mutating func shrink(at time: Int64) {
    guard let index = drawSubscription() else { return }
    let seats = builder.market.subscriptions[index].seats
    builder.market.subscriptions[index].seats = max(0, seats - Int64(random.within(1...10)))
    putStep(of: index, at: time)
  }

  mutating func changePartner(at time: Int64) {
    guard let index = drawSubscription() else { return }
    let customer = builder.market.subscriptions[index].customer
    let country = builder.market.customers[customer].country
    builder.market.subscriptions[index].partner = builder.drawPartner(for: country, &random)
    putStep(of: index, at: time)
  }

  mutating func credit(at time: Int64) {
    if let index = drawSubscription() { bill(index, sign: -1, at: time) }
  }

  mutating func certify(at time: Int64) {
    guard let person = drawPerson(), let product = builder.offering.products.randomElement(&random),
      !product.exams.isEmpty
    else { return }
    counter += 1
    var pass = ExamPass<String>()
    pass.personID = builder.market.people[person].id
    pass.exam = random.pick(product.exams)
    pass.passedAt = Timestamp(time)
    pass.expiresAt = Timestamp(time + 365 * secondsPerDay)
    // Greater than any revision that is known of this person and exam.
    pass.revision = 1000 + Int64(counter)
    builder.put(pass, at: time, &random)
  }

  mutating func deploy(at time: Int64) {
    guard let index = drawSubscription() else { return }
    let subscription = builder.market.subscriptions[index]
    guard let workload = builder.offering[subscription.product].workloads.randomElement(&random) else {
      return
    }
    counter += 1
    var instance = Instance<String>()
    instance.customerID = builder.market.customers[subscription.customer].id
    instance.subscriptionID = Market.subscriptionID(subscription.number)
    instance.instanceID = "environment-\(100 + counter)"
    instance.workload = workload
    instance.environment = .production
    instance.deployed = true
    instance.effectiveAt = Timestamp(time)
    instance.revision = 1
    builder.put(instance, at: time, &random)
  }

  private mutating func putStep(of index: Int, at time: Int64) {
    builder.market.subscriptions[index].revision += 1
    builder.put(builder.message(of: builder.market.subscriptions[index], at: time), at: time, &random)
  }

  private mutating func bill(_ index: Int, sign: Int64, at time: Int64) {
    let subscription = builder.market.subscriptions[index]
    counter += 1
    var line = BillingLine<String>()
    line.customerID = builder.market.customers[subscription.customer].id
    line.subscriptionID = Market.subscriptionID(subscription.number)
    line.lineID = "live-\(counter)"
    line.revision = 1
    line.licenseProgram = LicenseProgram(rawValue: subscription.program)
    line.amountMicros = sign * builder.amount(of: subscription, months: 1, &random) / (sign < 0 ? 4 : 1)
    line.currency = "USD"
    line.billedAt = Timestamp(time)
    if line.licenseProgram == .enterpriseAgreement { line.contractStart = Timestamp(time) }
    builder.put(line, at: time, &random)
  }
}

extension Array {
  /// Nil for an empty array.
  fileprivate func randomElement(_ random: inout Random) -> Element? {
    isEmpty ? nil : self[random.below(count)]
  }
}
