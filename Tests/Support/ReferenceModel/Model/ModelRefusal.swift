import Contract

/// Why the reference model refuses an event; one may have several reasons.
package enum ModelRefusal: CaseIterable {
  case notDecodable, missingID, textTooLong, missingInstant, unspecifiedEnum, foreignCurrency,
    missingContractStart, amountOutOfRange, negativeSeats, seatsOutOfRange, badCountry, before2000,
    inTheFuture
  /// Of where a record lies the model knows nothing: random sets are written where they belong.
  case wrongPartition
}

extension LoggedEvent {
  /// All reasons to refuse the event; none if it is accepted.
  package func refusals(currency: String) -> Set<ModelRefusal> {
    var reasons: Set<ModelRefusal> = []
    func refuse(_ reason: ModelRefusal, if condition: Bool) { if condition { reasons.insert(reason) } }
    func require(_ ids: String...) {
      refuse(.missingID, if: ids.contains(""))
      limit(512, ids)
    }
    func limit(_ bytes: Int, _ texts: [String]) {
      refuse(.textTooLong, if: texts.contains { $0.utf8.count > bytes })
    }

    switch event {
    case .undecodable:
      return [.notDecodable]
    case .usageAction(let event):
      require(event.customerID, event.subscriptionID, event.userID)
      limit(512, [event.workload])
      limit(1024, [event.action])
    case .licenseAssignment(let event):
      require(event.customerID, event.subscriptionID, event.userID)
    case .subscription(let event):
      require(event.customerID, event.subscriptionID)
      limit(512, event.workloads + [event.product, event.dporPartnerID])
      refuse(
        .unspecifiedEnum,
        if: event.kind.rawValue == 0 || event.status.rawValue == 0 || event.licenseProgram.rawValue == 0)
      refuse(.negativeSeats, if: event.seats < 0)
      refuse(.seatsOutOfRange, if: event.seats > 10_000_000)
    case .billingLine(let event):
      require(event.customerID, event.subscriptionID, event.lineID)
      refuse(.unspecifiedEnum, if: event.licenseProgram.rawValue == 0)
      refuse(.amountOutOfRange, if: event.amountMicros.magnitude > 1_000_000_000_000_000)
      refuse(.foreignCurrency, if: event.currency != currency)
      refuse(
        .missingContractStart,
        if: event.licenseProgram == .enterpriseAgreement && event.contractStart == nil)
    case .instance(let event):
      require(event.customerID, event.subscriptionID, event.instanceID)
      limit(512, [event.workload])
      refuse(.unspecifiedEnum, if: event.environment.rawValue == 0)
    case .customer(let event):
      require(event.customerID)
      limit(1024, [event.name])
      refuse(.badCountry, if: !isCountry(event.country))
    case .examPass(let event):
      require(event.personID, event.exam)
    case .affiliation(let event):
      require(event.personID)
      limit(512, [event.partnerID])
      refuse(.badCountry, if: !isCountry(event.country))
    case .partner(let event):
      require(event.partnerID)
      limit(1024, [event.name])
      refuse(.unspecifiedEnum, if: event.accounts.contains { $0.rawValue == 0 })
      refuse(.badCountry, if: !isCountry(event.country))
    }

    guard let time = event.time else { return reasons.union([.missingInstant]) }
    refuse(.before2000, if: time.seconds < 946_684_800)
    if let timestamp {
      let ofEvent = Int128(time.seconds) * 1_000_000_000 + Int128(time.nanos)
      let latest = (Int128(timestamp) + 24 * 3_600_000) * 1_000_000
      refuse(.inTheFuture, if: ofEvent > latest)
    }
    return reasons
  }
}

private func isCountry(_ text: String) -> Bool {
  text.isEmpty || (text.utf8.count == 2 && text.utf8.allSatisfy { 65 <= $0 && $0 <= 90 })
}
