import Contract

extension MarketBuilder {
  /// The instances of a subscription: for most of its workloads a sandbox, then production.
  mutating func addInstances(_ subscription: Market.Subscription, _ random: inout Random) {
    for (index, workload) in offering[subscription.product].workloads.enumerated().prefix(64)
    where subscription.workloads >> UInt64(index) & 1 == 1 && random.percent(80) {
      var instance = Instance<String>()
      instance.customerID = market.customers[subscription.customer].id
      instance.subscriptionID = Market.subscriptionID(subscription.number)
      instance.instanceID = "environment-\(index + 1)"
      instance.workload = workload
      instance.environment = .sandbox
      instance.deployed = true
      let start = subscription.start + Int64(random.within(1...30)) * secondsPerDay
      putStep(&instance, at: start, &random)
      let live = start + Int64(random.within(15...150)) * secondsPerDay
      guard live < subscription.end, random.percent(85) else { continue }
      instance.environment = .production
      putStep(&instance, at: live, &random)
      // Most are removed with the subscription; some are forgotten.
      let end = random.percent(5) ? live + 100 * secondsPerDay : subscription.end
      guard end < plan.end, random.percent(80) else { continue }
      instance.deployed = false
      putStep(&instance, at: end, &random)
    }
  }

  private mutating func putStep(_ instance: inout Instance<String>, at time: Int64, _ random: inout Random) {
    instance.effectiveAt = Timestamp(time)
    instance.revision += 1
    put(instance, at: time, &random)
  }
}
