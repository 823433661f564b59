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
    let month = months.month(of: time)
    if month < clock.oldestMonth {
      expiredCount += 1
      return
    }
    let customer = Identity(event.customerID.bytes)
    let user = customer.appending(event.userID.bytes)
    let name = UsageTable.PlaceName(
      subscriptionID: event.subscriptionID.bytes, workload: event.workload.bytes)
    let bit = UInt64(1) << UInt64(month - base)
    if usage.contains(bit, of: user, in: name) { return }
    insert(bit, month, of: user, in: name, customer, event)
  }

  /// Takes in that a user was active in one more month of a place.
  @inline(never)
  private func insert(
    _ bit: UInt64, _ month: Month, of user: Identity, in name: UsageTable.PlaceName, _ customer: Identity,
    _ event: UsageActionView
  ) {
    // Usage in a workload that no product lists can never count.
    guard let place = place(name, customer, event) else { return }
    if let attribution = attribution(of: usage.places[Int(place)].subscription, in: month) {
      contribute(bit, month, of: user, in: place, attribution)
    }
    _ = usage.insert(bit, of: user, in: place)
  }

  private func contribute(
    _ bit: UInt64, _ month: Month, of user: Identity, in place: UInt32, _ attribution: Attribution
  ) {
    let workload = usage.places[Int(place)].workload
    let before = usage.user(user).map { activeMonths(of: $0, like: attribution, workload) } ?? MonthsByCell()
    usageCells.forEachCell(of: place, attribution, workload, in: catalog, &aggregates) {
      (aggregates: inout Aggregates, cell, aggregate) in
      let known = before[cell]
      guard known & bit == 0 else { return }
      aggregates.add(1, to: .activeUsersMonth, in: month, of: aggregate)
      let gained = MonthBits.trailingTwelve(known | bit) & ~MonthBits.trailingTwelve(known)
      aggregates.addTrailing(gained, from: base, to: aggregate, .add)
    }
  }

  private func place(
    _ name: UsageTable.PlaceName, _ customer: Identity, _ event: UsageActionView
  ) -> UInt32? {
    let identity = name.identity(in: customer)
    if let place = usage.place(identity) { return place }
    guard let workload = catalog.workloadIndex[Identity(event.workload)] else { return nil }
    let subscription = subscriptionNumber(event.subscriptionID, of: event.customerID)
    let place = usage.addPlace(identity, name: name, subscription: subscription, workload: workload)
    subscriptions[Int(subscription)].places.append(place)
    return place
  }

  /// The months in which a user is active in each cell of an attribution and workload. O(the user's entries x steps).
  private func activeMonths(of user: UInt32, like attribution: Attribution, _ workload: Int16) -> MonthsByCell
  {
    var result = MonthsByCell()
    usage.forEachEntry(of: user) { months, place in
      let steps = subscriptions[Int(place.subscription)].timeline.steps
      for index in steps.indices where steps[index].state.partner == attribution.state.partner {
        let state = steps[index].state
        guard state.counts, catalog.workloadSides[Int(state.product)][Int(place.workload)] != nil else {
          continue
        }
        let end = index + 1 < steps.count ? steps[index + 1].month : .never
        let active = months & MonthBits.bits(of: steps[index].month..<end, base: base)
        guard active != 0 else { continue }
        let customer = subscriptions[Int(place.subscription)].customer
        result.add(
          active, there: active & bits(of: attribution.country, for: customer),
          isProduct: state.product == attribution.state.product, isWorkload: place.workload == workload)
      }
    }
    return result
  }

  /// The months in which a customer is in a country.
  private func bits(of country: Country, for customer: Int32) -> UInt64 {
    guard country != .unknown else { return 0 }
    var bits: UInt64 = 0
    customers[Int(customer)].locations.forEachRun(in: base..<Month.never) { run, state in
      if state == country { bits |= MonthBits.bits(of: run, base: base) }
    }
    return bits
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
        aggregates.addTrailing(
          MonthBits.trailingTwelve(cell.months), from: base, to: cell.aggregate, sign)
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
