import Contract

extension FactBook {
  /// Indicator 6: the activity of users by month. A user's first fact that counts is the one that counts the user for the twelve
  /// months; the first in the month itself, for the month.
  func usage(from viewpoint: Viewpoint) -> [Fact] {
    var (ofTwelveMonths, ofMonth): (Set<Identity>, Set<Identity>) = ([], [])
    var facts: [Fact] = []
    let entries = usage.values.filter { isOurs($0.subscription) }.sorted(by: precedes)
    for entry in entries {
      let customer = customers[Int(subscriptions[Int(entry.subscription)].customer)].id
      let user = entry.user.withUTF8Bytes { Identity(customer).appending($0) }
      for (month, isIntentional) in entry.months where month >= clock.oldestMonth {
        var fact = fact(.usage, of: entry.subscription, entry.user)
        (fact.workload, fact.month) = (entry.workload, month)
        fact.isOwn = isOwn(entry.subscription, in: month)
        fact.reason = whyNot(entry, in: month, isIntentional, from: viewpoint)
        if fact.reason == nil {
          if ofTwelveMonths.insert(user).inserted {
            fact.shares.append(Fact.Share(component: .activeUsers12Months, amount: 1))
          }
          if month == viewpoint.month, ofMonth.insert(user).inserted {
            fact.shares.append(Fact.Share(component: .activeUsersMonth, amount: 1))
          }
          if fact.shares.isEmpty { fact.reason = .countedAlready }
        }
        facts.append(fact)
      }
    }
    return facts
  }

  private func whyNot(
    _ entry: UsageEntry, in month: Month, _ isIntentional: Bool, from viewpoint: Viewpoint
  ) -> Reason? {
    let state = state(of: entry.subscription, in: month)
    if let reason = viewpoint.whyNot(ownedBy: state?.partner) { return reason }
    guard let state else { return .notYetKnown }
    return viewpoint.whyNot(inMonth: month)
      ?? (isIntentional ? nil : .unintentional)
      ?? viewpoint.whyNot(workload: catalog.workloadIndex[Identity(entry.workload)] ?? -1, of: state)
      ?? viewpoint.whyNot(at: country(of: entry.subscription, in: month))
  }

  /// A fixed order, so that which fact counts a user depends only on the events, not on the order in which they arrived.
  private func precedes(_ a: UsageEntry, _ b: UsageEntry) -> Bool {
    let (mine, its) = (subscriptions[Int(a.subscription)], subscriptions[Int(b.subscription)])
    return customers[Int(mine.customer)].id.precedes(customers[Int(its.customer)].id)
      ?? a.user.precedes(b.user) ?? mine.id.precedes(its.id) ?? a.workload.precedes(b.workload) ?? false
  }
}
