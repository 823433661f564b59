import Contract

/// The cells that an action counts in: all, its product, its workload, each everywhere and in its country.
struct UsageCells {
  /// Two for each product side: everywhere, and in the country.
  static let count = 6

  /// The aggregates of a place under its last attribution.
  private struct Known {
    var partner = PartnerRegistry.none
    var product = SubscriptionState.unlisted
    var country = Country.unknown
    var aggregates = InlineArray<6, Int32>(repeating: -1)
  }

  /// By place.
  private var known: [Known] = []

  init() {}

  /// Bytes of memory. O(1).
  var byteCount: Int { known.heldBytes }

  /// Calls `body` with each cell's number and aggregate; calls nothing if the product does not list the workload.
  mutating func forEachCell(
    of place: UInt32, _ attribution: Attribution, _ workload: Int16, in catalog: Catalog,
    _ aggregates: inout Aggregates, _ body: (inout Aggregates, Int, Int32) -> Void
  ) {
    let product = Int(attribution.state.product)
    guard let sides = catalog.workloadSides[product][Int(workload)] else { return }
    while known.count <= Int(place) { known.append(Known()) }
    let partner = attribution.state.partner
    if known[Int(place)].partner != partner || known[Int(place)].product != attribution.state.product
      || known[Int(place)].country != attribution.country
    {
      var fresh = Known(partner: partner, product: attribution.state.product, country: attribution.country)
      for (index, side) in sides.enumerated() {
        fresh.aggregates[2 * index] = aggregates.number(
          of: AggregateKey(partner: partner, side: side, location: .unknown))
        guard attribution.country != .unknown else { continue }
        fresh.aggregates[2 * index + 1] = aggregates.number(
          of: AggregateKey(partner: partner, side: side, location: attribution.country))
      }
      known[Int(place)] = fresh
    }
    for cell in 0..<UsageCells.count {
      let aggregate = known[Int(place)].aggregates[cell]
      if aggregate >= 0 { body(&aggregates, cell, aggregate) }
    }
  }
}

/// Months as bits, for each cell of `UsageCells`.
struct MonthsByCell {
  private var months = InlineArray<6, UInt64>(repeating: 0)

  subscript(cell: Int) -> UInt64 { months[cell] }

  /// Adds months in which a user was active; `there`: in the country.
  mutating func add(_ active: UInt64, there: UInt64, isProduct: Bool, isWorkload: Bool) {
    months[0] |= active
    months[1] |= there
    guard isProduct else { return }
    months[2] |= active
    months[3] |= there
    guard isWorkload else { return }
    months[4] |= active
    months[5] |= there
  }
}
