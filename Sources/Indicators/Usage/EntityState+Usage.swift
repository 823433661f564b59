import Contract

extension EntityState {
  /// Takes in that somebody was active in a month of which nothing was known.
  func insert(_ event: UsageActionView, _ identity: UsageIdentity, in month: Month) {
    let bit = UInt64(1) << UInt64(month - base)
    if let entry = usage.find(identity.both) {
      let place = usage.entry(entry).place
      contribute(bit, month, ofUserOf: entry, in: place)
      usage.add(bit, to: entry)
    } else if let place = place(of: event, identity.place) {
      contribute(bit, month, ofUserOf: usage.firstEntry(of: identity.user), in: place)
      usage.addEntry(bit, of: identity.user, in: place)
    }
  }

  private func contribute(_ bit: UInt64, _ month: Month, ofUserOf entry: UInt32?, in number: UInt32) {
    let place = usage.places[Int(number)]
    guard let attribution = attribution(of: place.subscription, in: month) else { return }
    let before = entry.map { activeMonths(ofUserOf: $0, like: attribution, place.workload) } ?? MonthsByCell()
    usageCells.forEachCell(of: number, attribution, place.workload, in: catalog, &aggregates) {
      (aggregates: inout Aggregates, cell, aggregate) in
      let known = before[cell]
      guard known & bit == 0 else { return }
      let gained = MonthBits.trailing(known | bit) & ~MonthBits.trailing(known)
      aggregates.addUser(months: bit, trailing: gained, to: aggregate, .add)
    }
  }

  /// The place of an action, which is made if there is none; nil if no product lists the workload, since usage in it can
  /// never count.
  private func place(of event: UsageActionView, _ identity: Identity) -> UInt32? {
    guard let workload = catalog.workloadIndex[Identity(event.workload)] else { return nil }
    let subscription = subscriptionNumber(event.subscriptionID, of: event.customerID)
    let known = subscriptions[Int(subscription)].places
    if let place = known.first(where: { usage.places[Int($0)].workload == workload }) { return place }
    let place = usage.addPlace(UsageTable.Place(identity, subscription: subscription, workload: workload))
    subscriptions[Int(subscription)].places.append(place)
    return place
  }

  /// The months in which a user is active in each cell of an attribution and workload. O(the user's entries x steps).
  private func activeMonths(
    ofUserOf entry: UInt32, like attribution: Attribution, _ workload: Int16
  ) -> MonthsByCell {
    var result = MonthsByCell()
    usage.forEachEntry(ofUserOf: entry) { months, place in
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

  /// The users who were active in these subscriptions in one of `months`, each once and by their first entries.
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
        aggregates.addUser(
          months: cell.months, trailing: MonthBits.trailing(cell.months), to: cell.aggregate, sign)
      }
    }
  }

  /// The cells that a user is active in, each with the months.
  private func collectCells(of user: UInt32, into cells: inout [(aggregate: Int32, months: UInt64)]) {
    usage.forEachEntry(ofUserOf: user) { months, place in
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
