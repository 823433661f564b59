import Contract

extension EntityState {
  /// Contributes what is attached to a subscription (revenue, assigned seats, instances) during `months`, or takes it back.
  func contributeAttached(to subscription: Int32, in months: Range<Month>, _ sign: Sign) {
    let facts = subscriptions[Int(subscription)]
    forEachAttribution(of: subscription, in: months) { stretch, attribution in
      forEachCell(attribution, sides: sideSets[attribution.state.sides]) { aggregate in
        if attribution.state.isPaid {
          contributeAmounts(facts.billed, to: .billedMicros, during: stretch, of: aggregate, sign)
          contributeAmounts(facts.credited, to: .creditedMicros, during: stretch, of: aggregate, sign)
        }
        if attribution.state.isLive {
          contributeLevel(facts.assigned, to: .assignedSeats, during: stretch, of: aggregate, sign)
        }
      }
      for (workload, series) in facts.instances {
        forEachCell(attribution, workload: workload) {
          contributeLevel(series, to: .productionInstances, during: stretch, of: $0, sign)
        }
      }
    }
  }

  private func contributeAmounts(
    _ series: MonthSeries, to component: Component, during months: Range<Month>, of aggregate: Int32,
    _ sign: Sign
  ) {
    for entry in series.entries(in: months) {
      if entry.value == nil { aggregates.noteOutOfRange(component, of: aggregate) }
      aggregates.add(sign * entry.wrapped, to: component, in: entry.month, of: aggregate)
    }
  }

  private func contributeLevel(
    _ series: MonthSeries, to component: Component, during months: Range<Month>, of aggregate: Int32,
    _ sign: Sign
  ) {
    series.forEachChange(during: months) { month, change in
      aggregates.add(sign * change, to: component, in: month, of: aggregate)
    }
  }
}
