/// What the page needs to know beside the result.
package struct PageSettings: Sendable {
  package var names: DisplayNames
  package var partners = PartnerNames()
  /// ISO 4217.
  package var currency: String
  /// Where people sign in; nil if the page does not know.
  package var signIn: SignInAddress?

  package init(names: DisplayNames = DisplayNames(), currency: String = "USD") {
    (self.names, self.currency) = (names, currency)
  }
}
