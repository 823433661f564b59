import Contract

extension EntityState {
  func apply(_ event: PartnerView, _ limits: EventTimeLimits) throws(Refusal) {
    guard !event.partnerID.isEmpty else { throw .missingID }
    let time = try limits.check(event.effectiveAt)
    guard !event.accounts.contains(.unspecified) else { throw .unspecifiedEnum }
    guard let country = Country(utf8: event.country.bytes) else { throw .badCountry }
    advanceClock(to: time)

    // SEMANTICS: "eligible partners".
    let isEligible =
      event.accounts.contains { $0 == .mpn || $0 == .csp } && !catalog.excludedCountries.contains(country)
    partners.insert(
      isEligible, at: StepOrder(effectiveAt: Instant(time), revision: event.revision),
      for: partners.number(of: event.partnerID))
  }
}
