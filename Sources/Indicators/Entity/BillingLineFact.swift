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
    let start = Month(containing: self)
    let daysOfStart = Month.firstDay(of: start)
    let days = (seconds >= 0 ? seconds : seconds - 86399) / 86400
    let secondOfDay = seconds - days * 86400
    let end = start + 12
    let lastDay = Month.firstDay(of: end + 1) - Month.firstDay(of: end) - 1
    let day = Month.firstDay(of: end) + min(days - daysOfStart, lastDay)
    return Timestamp(seconds: day * 86400 + secondOfDay, nanos: nanos)
  }
}

extension Month {
  /// The first day of a month, in days since 1970 (civil days after Howard Hinnant).
  static func firstDay(of month: Month) -> Int64 {
    let monthsFromMarch2000 = Int64(month.index) - 2
    let era = (monthsFromMarch2000 >= 0 ? monthsFromMarch2000 : monthsFromMarch2000 - 4799) / 4800
    let monthOfEra = monthsFromMarch2000 - era * 4800
    let yearOfEra = monthOfEra / 12
    let dayOfYear = (153 * (monthOfEra % 12) + 2) / 5
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    // 11017 days lie between 1 January 1970 and 1 March 2000.
    return era * 146_097 + dayOfEra + 11_017
  }
}
