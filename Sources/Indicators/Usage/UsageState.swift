import Contract

/// Which months each user was active in, by subscription and workload, and what that contributes.
struct UsageState: ~Copyable {
  var table = UsageTable()
  private var cells = UsageCells()
  private var months = MonthCache()

  init() {}

  /// The number of active (user, subscription, workload)s.
  var count: Int { table.count }

  /// Bytes of memory. O(1).
  var byteCount: Int { table.byteCount + cells.byteCount }

  /// The first entry of every user, ascending. O(entries).
  var users: [UInt32] { table.users }

  // MARK: The hot path

  @inline(__always)
  mutating func month(of time: Timestamp) -> Month { months.month(of: time) }

  /// Prefetches the memory that `passOver` reads.
  @inline(__always)
  func prefetch(_ probes: UnsafeBufferPointer<UsageProbe>) { table.prefetch(probes) }

  /// See `UsageTable.passOver`.
  @inline(__always)
  mutating func passOver(
    _ probes: UnsafeBufferPointer<UsageProbe>, from first: Int, base: Month, _ clock: inout EventClock
  ) -> Int {
    table.passOver(probes, from: first, base: base, &clock, &months)
  }

  // MARK: Changes

  /// Adds a month in which a user was active, which must not be known yet.
  mutating func insert(
    _ event: UsageActionView, _ identity: UsageIdentity, in month: Month, _ customers: inout CustomerState,
    _ contributions: inout Contributions
  ) {
    let bit = UInt64(1) << UInt64(month - contributions.base)
    if let entry = table.find(identity.both) {
      let place = table.entry(entry).place
      contribute(bit, month, ofUserOf: entry, in: place, customers, to: &contributions)
      table.add(bit, to: entry)
    } else if let place = place(of: event, identity.place, &customers, contributions.catalog) {
      let user = table.firstEntry(of: identity.user)
      contribute(bit, month, ofUserOf: user, in: place, customers, to: &contributions)
      table.addEntry(bit, of: identity.user, in: place)
    }
  }

  private mutating func contribute(
    _ bit: UInt64, _ month: Month, ofUserOf entry: UInt32?, in number: UInt32,
    _ customers: borrowing CustomerState, to contributions: inout Contributions
  ) {
    let place = table.places[Int(number)]
    guard let attribution = customers.attribution(of: place.subscription, in: month) else { return }
    var before = MonthsByCell()
    if let entry {
      before = activeMonths(
        ofUserOf: entry, like: attribution, place.workload, customers, contributions.catalog,
        contributions.base)
    }
    cells.forEachCell(
      of: number, attribution, place.workload, in: contributions.catalog, &contributions.aggregates
    ) {
      (aggregates: inout Aggregates, cell, aggregate) in
      let known = before[cell]
      guard known & bit == 0 else { return }
      let gained = MonthBits.trailing(known | bit) & ~MonthBits.trailing(known)
      aggregates.addUser(months: bit, trailing: gained, to: aggregate, .add)
    }
  }

  /// The place of an action, which is created if there is none; nil if no product lists the workload, since usage in it can
  /// never count.
  private mutating func place(
    of event: UsageActionView, _ identity: Identity, _ customers: inout CustomerState, _ catalog: Catalog
  ) -> UInt32? {
    guard let workload = catalog.workloadIndex[Identity(event.workload)] else { return nil }
    let subscription = customers.number(ofSubscription: event.subscriptionID, of: event.customerID)
    for place in customers.subscriptions[Int(subscription)].places
    where table.places[Int(place)].workload == workload {
      return place
    }
    let place = table.addPlace(UsageTable.Place(identity, subscription: subscription, workload: workload))
    customers.addPlace(place, of: subscription)
    return place
  }

  /// The months in which a user is active in each cell of an attribution and workload. O(the user's entries x steps).
  private func activeMonths(
    ofUserOf entry: UInt32, like attribution: Attribution, _ workload: Int16,
    _ customers: borrowing CustomerState, _ catalog: Catalog, _ base: Month
  ) -> MonthsByCell {
    var result = MonthsByCell()
    table.forEachEntry(ofUserOf: entry) { months, place in
      let steps = customers.subscriptions[Int(place.subscription)].timeline.steps
      for index in steps.indices where steps[index].state.partner == attribution.state.partner {
        let state = steps[index].state
        guard state.counts, catalog.workloadSides[Int(state.product)][Int(place.workload)] != nil else {
          continue
        }
        let end = index + 1 < steps.count ? steps[index + 1].month : .never
        let active = months & MonthBits.bits(of: steps[index].month..<end, base: base)
        guard active != 0 else { continue }
        let customer = customers.subscriptions[Int(place.subscription)].customer
        result.add(
          active, there: active & customers.months(in: attribution.country, of: customer, base: base),
          isProduct: state.product == attribution.state.product, isWorkload: place.workload == workload)
      }
    }
    return result
  }

  /// The users who were active in these subscriptions in one of `months`, each once, by their first entries.
  func users(
    of subscriptionNumbers: [Int32], activeIn months: Range<Month>, _ customers: borrowing CustomerState,
    _ base: Month
  ) -> [UInt32] {
    let bits = MonthBits.bits(of: months, base: base)
    var users: [UInt32] = []
    for subscription in subscriptionNumbers {
      for place in customers.subscriptions[Int(subscription)].places {
        table.forEachUser(of: place, activeIn: bits) { users.append($0) }
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

  /// Adds or withdraws the contributions of all of the users' activity.
  func contribute(
    _ users: [UInt32], _ change: ContributionChange, _ customers: borrowing CustomerState,
    to contributions: inout Contributions
  ) {
    var cells: [(aggregate: Int32, months: UInt64)] = []
    for user in users {
      cells.removeAll(keepingCapacity: true)
      collectCells(of: user, into: &cells, customers, &contributions)
      for cell in cells {
        contributions.aggregates.addUser(
          months: cell.months, trailing: MonthBits.trailing(cell.months), to: cell.aggregate, change)
      }
    }
  }

  /// The cells that a user is active in, each with the months.
  private func collectCells(
    of user: UInt32, into cells: inout [(aggregate: Int32, months: UInt64)],
    _ customers: borrowing CustomerState, _ contributions: inout Contributions
  ) {
    let base = contributions.base
    table.forEachEntry(ofUserOf: user) { months, place in
      customers.forEachAttribution(of: place.subscription, in: base..<Month.never, from: base) {
        stretch, attribution in
        let active = months & MonthBits.bits(of: stretch, base: base)
        guard active != 0 else { return }
        contributions.forEachCell(attribution, workload: place.workload) { _, aggregate in
          if let index = cells.firstIndex(where: { $0.aggregate == aggregate }) {
            cells[index].months |= active
          } else {
            cells.append((aggregate, active))
          }
        }
      }
    }
  }

  /// Advances the base by `months` and drops what lies before it. O(entries).
  mutating func advanceBase(by months: Int) { table.advanceBase(by: months) }
}

extension CustomerState {
  /// The months in which a customer is in a country, as bits from `base` on.
  fileprivate func months(in country: Country, of customer: Int32, base: Month) -> UInt64 {
    guard country != .unknown else { return 0 }
    var bits: UInt64 = 0
    self[customer].locations.forEachRun(in: base..<Month.never) { run, state in
      if state == country { bits |= MonthBits.bits(of: run, base: base) }
    }
    return bits
  }
}
