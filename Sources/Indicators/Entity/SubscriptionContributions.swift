import Contract

extension CustomerState {
  /// Adds or withdraws what is attached to a subscription (revenue, assigned seats, instances) during `months`.
  func contributeAttached(
    to subscription: Int32, in months: Range<Month>, _ change: ContributionChange,
    to contributions: inout Contributions
  ) {
    let facts = subscriptions[Int(subscription)]
    forEachAttribution(of: subscription, in: months, from: contributions.base) { stretch, attribution in
      contributions.forEachCell(attribution, sides: contributions.sideSets[attribution.state.sides]) {
        contributions, aggregate in
        if attribution.state.isPaid {
          contributions.add(
            change, facts.attached, .billed, to: .billedMicros, during: stretch, of: aggregate)
          contributions.add(
            change, facts.attached, .credited, to: .creditedMicros, during: stretch, of: aggregate)
        }
        if attribution.state.isLive {
          facts.attached.forEachAssignedChange(during: stretch) { month, seats in
            contributions.add(change * seats, to: .assignedSeats, in: month, of: aggregate)
          }
        }
      }
      for (workload, series) in facts.instances {
        contributions.forEachCell(attribution, workload: workload) { contributions, aggregate in
          series.forEachChange(during: stretch) { month, instances in
            contributions.add(change * instances, to: .productionInstances, in: month, of: aggregate)
          }
        }
      }
    }
  }
}

extension Contributions {
  fileprivate mutating func add(
    _ change: ContributionChange, _ attached: AttachedSeries, _ amount: AttachedSeries.Amount,
    to component: Component, during months: Range<Month>, of aggregate: Int32
  ) {
    attached.forEachSum(of: amount, in: months) { month, sum, hasMore in
      if hasMore { aggregates.noteOutOfRange(component, of: aggregate) }
      aggregates.add(change * sum, to: component, in: month, of: aggregate)
    }
  }
}
