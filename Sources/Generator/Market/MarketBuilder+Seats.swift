import Contract

extension MarketBuilder {
  /// Assigns licenses to a customer's users, each some time after the subscription began, and revokes some.
  mutating func addSeats(of index: Int) {
    let customer = market.customers[index]
    let range = customer.firstSubscription..<customer.firstSubscription + customer.subscriptions
    var choice = Random(seed: plan.seed, .user, -1 - index)
    // How long it takes until everybody has one.
    let rollout = Int64(choice.within(0...300)) * secondsPerDay
    for ordinal in 0..<customer.users {
      var random = Random(seed: plan.seed, .user, customer.firstUser + ordinal)
      let first = random.below(range.count)
      let wait = rollout * Int64(ordinal) / Int64(customer.users) + Int64(random.below(5 * 86_400))
      addSeat(user: customer.firstUser + ordinal, in: range.lowerBound + first, after: wait, &random)
      if range.count > 1, random.percent(25) {
        let second = (first + 1) % range.count
        addSeat(user: customer.firstUser + ordinal, in: range.lowerBound + second, after: wait, &random)
      }
    }
  }

  private mutating func addSeat(user: Int, in index: Int, after wait: Int64, _ random: inout Random) {
    let subscription = market.subscriptions[index]
    // Volume licenses are billed long before they are set up.
    let isVolume = [LicenseProgram.enterpriseAgreement.rawValue, LicenseProgram.open.rawValue].contains(
      subscription.program)
    let start = subscription.start + wait + (isVolume ? Int64(random.within(20...120)) * secondsPerDay : 0)
    // Two in a hundred leave in a month.
    let end = start + Int64(random.below(50)) * 30 * secondsPerDay + Int64(random.below(30 * 86_400)) + 86_400
    guard start < min(subscription.end, plan.end) else { return }
    var assignment = LicenseAssignment<String>()
    assignment.customerID = market.customers[subscription.customer].id
    assignment.subscriptionID = Market.subscriptionID(subscription.number)
    assignment.userID = Market.userID(user, of: market.customers[subscription.customer], seed: plan.seed)
    assignment.assigned = true
    assignment.effectiveAt = Timestamp(start)
    assignment.revision = 1
    put(assignment, at: start, &random)
    // Some are assigned twice by an administrator; that changes nothing.
    if random.perMille(5) {
      assignment.revision += 1
      putCorrection(assignment, at: start, &random)
    }
    assignment.assigned = false
    assignment.effectiveAt = Timestamp(end)
    assignment.revision += 1
    put(assignment, at: end, &random)
    let activities: [UInt8] = [0, 1, 1, 2, 2, 2, 3, 4, 6, 10]
    market.seats.append(
      Market.Seat(
        user: Int32(user), subscription: Int32(index), firstDay: Int32(start / secondsPerDay),
        endDay: Int32(min(end, subscription.end) / secondsPerDay), activity: random.pick(activities)))
  }
}

extension Market {
  /// Unique within the customer only, as the contract says.
  static func subscriptionID(_ number: Int) -> String { "subscription-\(number)" }

  /// A GUID. The first user of each customer is the same guest account, of somebody who administers many tenants.
  static func userID(_ user: Int, of customer: Customer, seed: UInt64) -> String {
    var bytes: [UInt8] = []
    UserID(user == customer.firstUser ? 0 : user + 1, seed: seed).append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
