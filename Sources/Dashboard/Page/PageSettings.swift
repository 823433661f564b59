/// What the page needs to know beside the result.
public struct PageSettings: Sendable {
  public var names: DisplayNames
  /// ISO 4217.
  public var currency: String
  public var rule: RangeRule

  public init(names: DisplayNames = DisplayNames(), currency: String = "USD", rule: RangeRule = RangeRule()) {
    (self.names, self.currency, self.rule) = (names, currency, rule)
  }
}
