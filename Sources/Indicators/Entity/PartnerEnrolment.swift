import Contract

extension EntityState {
  func apply(_ event: PartnerView, _ limits: EventTimeLimits) throws(Refusal) {
    let (time, country) = try event.check(limits)
    advanceClock(to: time)
    partners.insert(
      Eligibility(event, in: country, catalog) == .eligible,
      at: StepOrder(effectiveAt: Instant(time), revision: event.revision),
      for: partners.number(of: event.partnerID))
  }
}

/// Whether a partner is eligible (SEMANTICS, "eligible partners"), or why not.
package enum Eligibility: String, Sendable, Equatable, CaseIterable {
  case eligible
  /// There is no event about the partner.
  case unknown
  case noAccount = "no_account"
  case excludedCountry = "excluded_country"

  init(_ event: PartnerView, in country: Country, _ catalog: Catalog) {
    if catalog.excludedCountries.contains(country) {
      self = .excludedCountry
    } else {
      self = event.accounts.contains { $0 == .mpn || $0 == .csp } ? .eligible : .noAccount
    }
  }
}
