import Contract

/// A partner's indicators in a cell and month.
struct ModelSnapshot {
  var partner: String
  var components: ComponentValues
  /// In the order of `IndicatorKind`; nil where undefined.
  var values: [Fraction?]
  /// Those of the month before.
  var previous: [Fraction?]

  init(partner: String, components: ComponentValues, before: ComponentValues) {
    self.partner = partner
    self.components = components
    values = IndicatorKind.allCases.map { ModelSnapshot.value(of: $0, components) }
    previous = IndicatorKind.allCases.map { ModelSnapshot.value(of: $0, before) }
  }

  private static func value(of kind: IndicatorKind, _ components: ComponentValues) -> Fraction? {
    switch kind {
    case .netNewRevenue:
      return Fraction(components[.billedMicros] - components[.creditedMicros], over: 1_000_000)
    case .customersAdded: return Fraction(components[.customersAdded])
    case .netPaidSeatsAdded: return Fraction(components[.seatsAdded] - components[.seatsLost])
    case .certifiedIndividuals: return Fraction(components[.certifiedIndividuals])
    case .productionInstances: return Fraction(components[.productionInstances])
    case .monthlyActiveUsers: return Fraction(components[.activeUsers12Months], over: 12)
    case .mauPerAssignedSeat:
      let seats = components[.assignedSeats]
      return seats == 0 ? nil : Fraction(components[.activeUsers12Months], over: 12 * seats)
    }
  }

  func message(cell: Cell, month: String, bars: [ModelBars]) -> IndicatorSnapshot {
    var message = IndicatorSnapshot()
    message.partnerID = partner
    message.cell = cell
    message.month = month
    message.components = components
    for kind in IndicatorKind.allCases {
      let value = values[kind.rawValue]
      let previous = previous[kind.rawValue]
      var trend = Trend.unchanged
      if let value, let previous, value != previous { trend = value > previous ? .up : .down }
      message[kind] = Indicator(
        value: value?.double, previous: previous?.double, trend: trend,
        bar: value.map { Int32(bars[kind.rawValue].bar(of: $0)) })
    }
    return message
  }
}
