import Contract

extension ComponentValues {
  /// The exact value of an indicator (SEMANTICS, "The seven indicators"); nil where it is undefined.
  @inline(__always)
  func value(of indicator: IndicatorKind) -> Ratio? {
    let formula = indicator.definition.formula
    var numerator = self[formula.component]
    if let subtracted = formula.subtracted { numerator &-= self[subtracted] }
    guard let divisor = formula.divisor else { return Ratio(numerator, over: formula.unit) }
    let (denominator, overflow) = self[divisor].multipliedReportingOverflow(by: formula.unit)
    return denominator <= 0 || overflow ? nil : Ratio(numerator, over: denominator)
  }
}
