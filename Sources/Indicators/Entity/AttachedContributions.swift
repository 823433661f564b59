import Contract

extension EntityState {
  /// Contributes what is attached to a subscription (revenue, assigned seats, instances) during `months`, or takes it back.
  func contributeAttached(to subscription: Int32, in months: Range<Month>, _ sign: Sign) {
    let facts = subscriptions[Int(subscription)]
    // Copied once, and not for each attribution.
    let sideSets = sideSets
    forEachAttribution(of: subscription, in: months) { stretch, attribution in
      forEachCell(attribution, sides: sideSets[attribution.state.sides]) { aggregate in
        if attribution.state.isPaid {
          contribute(facts.attached, .billed, to: .billedMicros, during: stretch, of: aggregate, sign)
          contribute(facts.attached, .credited, to: .creditedMicros, during: stretch, of: aggregate, sign)
        }
        if attribution.state.isLive {
          facts.attached.forEachAssignedChange(during: stretch) { month, change in
            aggregates.add(sign * change, to: .assignedSeats, in: month, of: aggregate)
          }
        }
      }
      for (workload, series) in facts.instances {
        forEachCell(attribution, workload: workload) {
          contribute(series, during: stretch, of: $0, sign)
        }
      }
    }
  }

  private func contribute(
    _ attached: AttachedSeries, _ amount: AttachedSeries.Amount, to component: Component,
    during months: Range<Month>, of aggregate: Int32, _ sign: Sign
  ) {
    attached.forEachSum(of: amount, in: months) { month, sum, hasMore in
      if hasMore { aggregates.noteOutOfRange(component, of: aggregate) }
      aggregates.add(sign * sum, to: component, in: month, of: aggregate)
    }
  }

  private func contribute(
    _ instances: MonthSeries, during months: Range<Month>, of aggregate: Int32, _ sign: Sign
  ) {
    instances.forEachChange(during: months) { month, change in
      aggregates.add(sign * change, to: .productionInstances, in: month, of: aggregate)
    }
  }
}
