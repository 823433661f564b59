import Contract

/// The bars of an indicator in a cell and month.
struct ModelBars {
  /// The values that are defined, ascending.
  private let values: [Fraction]

  init(_ values: [Fraction?]) {
    self.values = values.compactMap(\.self).sorted()
  }

  /// The least bar whose threshold, the ceil(bar * n / 4)-th smallest value, is no less than `value`.
  func bar(of value: Fraction) -> Int {
    for bar in 1...3 {
      let rank = (bar * values.count + 3) / 4
      if value <= values[rank - 1] { return bar }
    }
    return 4
  }

  static func scale(cell: Cell, month: String, bars: [ModelBars]) -> IndicatorScale {
    var message = IndicatorScale()
    message.cell = cell
    message.month = month
    message.scales = IndicatorKind.allCases.map { kind in
      let bars = bars[kind.rawValue]
      var scale = IndicatorScale.Scale()
      scale.indicator = kind.name
      scale.partners = Int32(bars.values.count)
      scale.bars = (1...4).map { bar in
        let members = bars.values.filter { bars.bar(of: $0) == bar }
        return IndicatorScale.Bar(
          bar: Int32(bar), partners: Int32(members.count), min: members.first?.double,
          max: members.last?.double)
      }
      return scale
    }
    return message
  }
}
