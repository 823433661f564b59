/// What the page needs to know beside the result.
public struct PageSettings: Sendable {
  public var names: DisplayNames
  public var partners = PartnerNames()
  /// ISO 4217.
  public var currency: String
  /// Where people sign in; nil if the page does not know.
  public var signIn: SignInAddress?

  public init(names: DisplayNames = DisplayNames(), currency: String = "USD") {
    (self.names, self.currency) = (names, currency)
  }
}
