import Contract

/// The highest revision of a billing line.
struct BillingLineFact {
  var revision: Int64
  var subscription: Int32
  var month: Month
  /// In millionths; 0 for a line that does not count, whatever its subscription is.
  var amountMicros: Int64
}

extension EntityState {
  func apply(_ event: BillingLineView, _ limits: EventTimeLimits) throws(Refusal) {
    guard !event.customerID.isEmpty, !event.subscriptionID.isEmpty, !event.lineID.isEmpty
    else { throw .missingID }
    let time = try limits.check(event.billedAt)
    guard event.licenseProgram != .unspecified else { throw .unspecifiedEnum }
    guard event.currency == catalog.reportingCurrency else { throw .foreignCurrency }
    if event.licenseProgram == .enterpriseAgreement, event.contractStart == nil {
      throw .missingContractStart
    }
    advanceClock(to: time)

    let identity = Identity(event.customerID.bytes).appending(event.lineID.bytes)
    let old = lines[identity]
    if let old, old.revision > event.revision { return }
    let line = BillingLineFact(
      revision: event.revision, subscription: subscriptionNumber(event.subscriptionID, of: event.customerID),
      month: Month(containing: time), amountMicros: event.countsAsNew(billedAt: time) ? event.amountMicros : 0
    )
    if line.month < clock.oldestMonth { expiredCount += 1 }
    if let old { contribute(old, .withdraw) }
    lines[identity] = line
    contribute(line, .add)
  }

  /// Attaches a line to its subscription, or detaches it.
  func contribute(_ line: BillingLineFact, _ sign: Sign) {
    guard line.amountMicros != 0, line.month >= base else { return }
    let isCredit = line.amountMicros < 0
    let amount = sign * (isCredit ? 0 &- line.amountMicros : line.amountMicros)
    if isCredit {
      subscriptions[Int(line.subscription)].credited.add(amount, at: line.month)
    } else {
      subscriptions[Int(line.subscription)].billed.add(amount, at: line.month)
    }
    forEachAttribution(of: line.subscription, in: line.month..<line.month + 1) { _, attribution in
      guard attribution.state.isPaid else { return }
      forEachCell(attribution, sides: sideSets[attribution.state.sides]) {
        aggregates.add(amount, to: isCredit ? .creditedMicros : .billedMicros, in: line.month, of: $0)
      }
    }
  }
}

extension BillingLine {
  /// Whether the line is new revenue, if its subscription is paid: not voided, not off-cloud, and under an enterprise
  /// agreement only within the contract's first twelve months.
  func countsAsNew(billedAt: Timestamp) -> Bool {
    if voided || offCloud { return false }
    guard licenseProgram == .enterpriseAgreement, let contractStart else { return true }
    return contractStart <= billedAt && billedAt < contractStart.addingTwelveMonths
  }
}

extension Timestamp {
  /// The same day and time a year later; 28 February for 29 February.
  var addingTwelveMonths: Timestamp {
    let days = (seconds >= 0 ? seconds : seconds - 86399) / 86400
    let start = CivilDate(daysSince1970: days)
    let end =
      CivilDate(year: start.year + 1, month: start.month, day: start.day)
      // Only 29 February has no counterpart.
      ?? CivilDate(daysSince1970: days + 365)
    return Timestamp(seconds: seconds + (end.daysSince1970 - days) * 86400, nanos: nanos)
  }
}
