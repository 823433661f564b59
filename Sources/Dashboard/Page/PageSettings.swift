/// What the page needs to know beside the result.
public struct PageSettings: Sendable {
  public var names: DisplayNames
  public var partners = PartnerNames()
  /// ISO 4217.
  public var currency: String

  public init(names: DisplayNames = DisplayNames(), currency: String = "USD") {
    (self.names, self.currency) = (names, currency)
  }
}
