import Contract

/// What the facts of a task contribute to each partner and cell.
struct Contributions: ~Copyable {
  let catalog: Catalog
  var sideSets: ProductSideSets
  var aggregates = Aggregates()
  /// The oldest month that they are kept for; no later than the clock's oldest month. It follows the clock in strides,
  /// since advancing it means to contribute everything again.
  var base = Month.distantPast

  init(catalog: Catalog) {
    self.catalog = catalog
    sideSets = ProductSideSets(catalog: catalog)
  }

  /// Calls `body` with the aggregate of each cell that `sides` and the attribution's country form.
  @inline(__always)
  mutating func forEachCell(
    _ attribution: Attribution, sides: some Sequence<SideIndex>, _ body: (inout Contributions, Int32) -> Void
  ) {
    for side in sides {
      forEachCell(of: attribution.state.partner, side, attribution.country, body)
    }
  }

  /// The same for a fact with a workload of its own, which need not be among the subscription's; calls nothing if the
  /// product does not list it.
  @inline(__always)
  mutating func forEachCell(
    _ attribution: Attribution, workload: Int16, _ body: (inout Contributions, Int32) -> Void
  ) {
    let product = Int(attribution.state.product)
    guard let sides = catalog.workloadSides[product][Int(workload)] else { return }
    forEachCell(attribution, sides: sides, body)
  }

  /// Calls `body` with the aggregates of a partner in both location sides of a country: everywhere, and the country itself
  /// if known.
  @inline(__always)
  mutating func forEachCell(
    of partner: Int32, _ side: SideIndex, _ country: Country, _ body: (inout Contributions, Int32) -> Void
  ) {
    body(&self, aggregates.number(of: AggregateKey(partner: partner, side: side, location: .unknown)))
    guard country != .unknown else { return }
    body(&self, aggregates.number(of: AggregateKey(partner: partner, side: side, location: country)))
  }

  mutating func add(_ delta: Int64, to component: Component, in month: Month, of aggregate: Int32) {
    aggregates.add(delta, to: component, in: month, of: aggregate)
  }

  /// Raises a level of an aggregate by `delta` during `months`.
  mutating func addLevel(
    _ delta: Int64, to component: Component, during months: Range<Month>, of aggregate: Int32
  ) {
    aggregates.add(delta, to: component, in: months.lowerBound, of: aggregate)
    if months.upperBound != .never {
      aggregates.add(0 &- delta, to: component, in: months.upperBound, of: aggregate)
    }
  }
}

/// Whether a contribution is added or withdrawn.
enum ContributionChange {
  case add
  case withdraw

  static func * (change: ContributionChange, value: Int64) -> Int64 { change == .add ? value : 0 &- value }
}
