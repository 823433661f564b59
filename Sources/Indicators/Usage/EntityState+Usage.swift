import Contract

extension EntityState {
  /// The hot path: an action that says nothing new costs one probe and allocates nothing.
  @inline(__always)
  func apply(_ event: UsageActionView, _ limits: EventTimeLimits) throws(Refusal) {
    guard !event.customerID.isEmpty, !event.subscriptionID.isEmpty, !event.userID.isEmpty
    else { throw .missingID }
    let time = try limits.check(event.occurredAt)
    advanceClock(to: time)
    guard event.intentional else { return }
    let month = Month(containing: time)
    if month < clock.oldestMonth {
      expiredCount += 1
      return
    }
    let customer = Identity(event.customerID.bytes)
    let user = customer.appending(event.userID.bytes)
    let place = customer.appending(event.subscriptionID.bytes).appending(event.workload.bytes)
    let bit = UInt64(1) << UInt64(month - base)
    if usage.contains(bit, of: user, in: place) { return }
    insert(bit, month, of: user, in: place, event)
  }

  /// Takes in that a user was active in one more month of a place.
  private func insert(
    _ bit: UInt64, _ month: Month, of identity: Identity, in placeIdentity: Identity, _ event: UsageActionView
  ) {
    // Usage in a workload that no product lists can never count.
    guard let place = place(placeIdentity, event) else { return }
    let subscription = usage.places[Int(place)].subscription
    let workload = usage.places[Int(place)].workload
    var attribution: Attribution?
    forEachAttribution(of: subscription, in: month..<month + 1) { attribution = $1 }
    guard let attribution else {
      _ = usage.insert(bit, of: identity, in: place)
      return
    }
    let known = usage.user(identity)
    forEachCell(attribution, workload: workload) { aggregate in
      let key = aggregates.keys[Int(aggregate)]
      let before = known.map { activeMonths(of: $0, for: key) } ?? 0
      guard before & bit == 0 else { return }
      aggregates.add(1, to: .activeUsersMonth, in: month, of: aggregate)
      let gained = MonthBits.trailingTwelve(before | bit) & ~MonthBits.trailingTwelve(before)
      contributeTrailing(gained, to: aggregate, .add)
    }
    _ = usage.insert(bit, of: identity, in: place)
  }

  private func place(_ identity: Identity, _ event: UsageActionView) -> UInt32? {
    if let place = usage.place(identity) { return place }
    guard let workload = catalog.workloadIndex[Identity(event.workload)] else { return nil }
    let subscription = subscriptionNumber(event.subscriptionID, of: event.customerID)
    let place = usage.addPlace(identity, subscription: subscription, workload: workload)
    subscriptions[Int(subscription)].places.append(place)
    return place
  }

  /// The months in which a user is active for a partner in a cell. O(the user's entries x steps).
  private func activeMonths(of user: UInt32, for key: AggregateKey) -> UInt64 {
    var result: UInt64 = 0
    usage.forEachEntry(of: user) { months, place in
      let facts = subscriptions[Int(place.subscription)]
      var counted: UInt64 = 0
      facts.timeline.forEachRun(in: base..<Month.never) { run, state in
        guard state.partner == key.partner, falls(place.workload, of: state, into: key.side) else { return }
        counted |= MonthBits.bits(of: run, base: base)
      }
      guard counted & months != 0 else { return }
      if key.location != .unknown {
        var there: UInt64 = 0
        customers[Int(facts.customer)].locations.forEachRun(in: base..<Month.never) { run, country in
          if country == key.location { there |= MonthBits.bits(of: run, base: base) }
        }
        counted &= there
      }
      result |= counted & months
    }
    return result
  }

  private func falls(_ workload: Int16, of state: SubscriptionState, into side: SideIndex) -> Bool {
    guard state.counts, let own = catalog.workloadSides[Int(state.product)][Int(workload)] else {
      return false
    }
    return side == allProducts || side == own || side == catalog.productSides[Int(state.product)]
  }

  /// Counts a user among those of twelve months in each month of `bits`.
  private func contributeTrailing(_ bits: UInt64, to aggregate: Int32, _ sign: Sign) {
    MonthBits.forEach(bits & ~(bits << 1)) {
      aggregates.add(sign * 1, to: .activeUsers12Months, in: base + $0, of: aggregate)
    }
    MonthBits.forEach((bits << 1) & ~bits) {
      aggregates.add(sign * -1, to: .activeUsers12Months, in: base + $0, of: aggregate)
    }
  }

  /// The users who were active in these subscriptions in one of `months`, each once.
  func users(of subscriptionNumbers: [Int32], activeIn months: Range<Month>) -> [UInt32] {
    let bits = MonthBits.bits(of: months, base: base)
    var users: [UInt32] = []
    for subscription in subscriptionNumbers {
      for place in subscriptions[Int(subscription)].places {
        usage.forEachUser(of: place, activeIn: bits) { users.append($0) }
      }
    }
    guard users.count > 1 else { return users }
    users.sort()
    var distinct = 1
    for index in 1..<users.count where users[index] != users[distinct - 1] {
      users[distinct] = users[index]
      distinct += 1
    }
    users.removeLast(users.count - distinct)
    return users
  }

  /// Contributes all that users did, or takes it back.
  func contribute(users: [UInt32], _ sign: Sign) {
    var cells: [(aggregate: Int32, months: UInt64)] = []
    for user in users {
      cells.removeAll(keepingCapacity: true)
      collectCells(of: user, into: &cells)
      for cell in cells {
        MonthBits.forEach(cell.months) {
          aggregates.add(sign * 1, to: .activeUsersMonth, in: base + $0, of: cell.aggregate)
        }
        contributeTrailing(MonthBits.trailingTwelve(cell.months), to: cell.aggregate, sign)
      }
    }
  }

  /// The cells that a user is active in, each with the months.
  private func collectCells(of user: UInt32, into cells: inout [(aggregate: Int32, months: UInt64)]) {
    usage.forEachEntry(of: user) { months, place in
      forEachAttribution(of: place.subscription, in: base..<Month.never) { stretch, attribution in
        let active = months & MonthBits.bits(of: stretch, base: base)
        guard active != 0 else { return }
        forEachCell(attribution, workload: place.workload) { aggregate in
          if let index = cells.firstIndex(where: { $0.aggregate == aggregate }) {
            cells[index].months |= active
          } else {
            cells.append((aggregate, active))
          }
        }
      }
    }
  }
}
