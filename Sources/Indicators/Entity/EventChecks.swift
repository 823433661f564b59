import Contract

// Which events are accepted (SEMANTICS, "Events that are rejected"): each check returns the event's time, or throws why
// the event is rejected.

extension UsageActionView {
  func check(_ limits: EventTimeLimits) throws(Refusal) -> Timestamp {
    try checkTexts()
    return try checkBesidesTexts(limits)
  }

  /// The same for an action whose texts are known to be short enough.
  @inline(__always)
  func checkBesidesTexts(_ limits: EventTimeLimits) throws(Refusal) -> Timestamp {
    guard !customerID.isEmpty, !subscriptionID.isEmpty, !userID.isEmpty else { throw .missingID }
    return try limits.check(occurredAt)
  }

  func checkTexts() throws(Refusal) {
    guard !customerID.isEmpty, !subscriptionID.isEmpty, !userID.isEmpty else { throw .missingID }
    for id in [customerID, subscriptionID, userID, workload] { try id.requireID() }
    try action.requireName()
  }
}

extension LicenseAssignmentView {
  func check(_ limits: EventTimeLimits) throws(Refusal) -> Timestamp {
    guard !customerID.isEmpty, !subscriptionID.isEmpty, !userID.isEmpty else { throw .missingID }
    for id in [customerID, subscriptionID, userID] { try id.requireID() }
    return try limits.check(effectiveAt)
  }
}

extension SubscriptionView {
  func check(_ limits: EventTimeLimits) throws(Refusal) -> Timestamp {
    guard !customerID.isEmpty, !subscriptionID.isEmpty else { throw .missingID }
    for id in [customerID, subscriptionID, product, dporPartnerID] + workloads { try id.requireID() }
    let time = try limits.check(effectiveAt)
    guard licenseProgram != .unspecified, kind != .unspecified, status != .unspecified
    else { throw .unspecifiedEnum }
    guard seats >= 0 else { throw .negativeSeats }
    guard seats <= EventLimits.seats else { throw .seatsOutOfRange }
    return time
  }
}

extension BillingLineView {
  func check(_ limits: EventTimeLimits, _ catalog: Catalog) throws(Refusal) -> Timestamp {
    guard !customerID.isEmpty, !subscriptionID.isEmpty, !lineID.isEmpty else { throw .missingID }
    for id in [customerID, subscriptionID, lineID] { try id.requireID() }
    let time = try limits.check(billedAt)
    guard licenseProgram != .unspecified else { throw .unspecifiedEnum }
    guard currency == catalog.reportingCurrency else { throw .foreignCurrency }
    if licenseProgram == .enterpriseAgreement, contractStart == nil { throw .missingContractStart }
    guard (-EventLimits.amountMicros...EventLimits.amountMicros).contains(amountMicros) else {
      throw .amountOutOfRange
    }
    return time
  }
}

extension InstanceView {
  func check(_ limits: EventTimeLimits) throws(Refusal) -> Timestamp {
    guard !customerID.isEmpty, !subscriptionID.isEmpty, !instanceID.isEmpty else { throw .missingID }
    for id in [customerID, subscriptionID, instanceID, workload] { try id.requireID() }
    let time = try limits.check(effectiveAt)
    guard environment != .unspecified else { throw .unspecifiedEnum }
    return time
  }
}

extension CustomerView {
  func check(_ limits: EventTimeLimits) throws(Refusal) -> (time: Timestamp, country: Country) {
    guard !customerID.isEmpty else { throw .missingID }
    try customerID.requireID()
    try name.requireName()
    let time = try limits.check(effectiveAt)
    guard let country = Country(utf8: country.bytes) else { throw .badCountry }
    return (time, country)
  }
}

extension ExamPassView {
  func check(_ limits: EventTimeLimits) throws(Refusal) -> Timestamp {
    guard !personID.isEmpty, !exam.isEmpty else { throw .missingID }
    for id in [personID, exam] { try id.requireID() }
    return try limits.check(passedAt)
  }
}

extension AffiliationView {
  func check(_ limits: EventTimeLimits) throws(Refusal) -> (time: Timestamp, country: Country) {
    guard !personID.isEmpty else { throw .missingID }
    for id in [personID, partnerID] { try id.requireID() }
    let time = try limits.check(effectiveAt)
    guard let country = Country(utf8: country.bytes) else { throw .badCountry }
    return (time, country)
  }
}

extension PartnerView {
  func check(_ limits: EventTimeLimits) throws(Refusal) -> (time: Timestamp, country: Country) {
    guard !partnerID.isEmpty else { throw .missingID }
    try partnerID.requireID()
    try name.requireName()
    let time = try limits.check(effectiveAt)
    guard !accounts.contains(.unspecified) else { throw .unspecifiedEnum }
    guard let country = Country(utf8: country.bytes) else { throw .badCountry }
    return (time, country)
  }
}
