import Contract

/// The highest revision of a billing line.
struct BillingLineFact: BitwiseCopyable {
  var revision: Int64
  var subscription: Int32
  var month: Month
  /// In millionths; 0 for a line that never counts, whatever its subscription is.
  var amountMicros: Int64
}

extension EntityState {
  func apply(_ event: BillingLineView, _ limits: EventTimeLimits) throws(Refusal) {
    let time = try event.check(limits, catalog)
    advanceClock(to: time)

    let identity = Identity(event.customerID.bytes).appending(event.lineID.bytes)
    let known = customers.lines.number(of: identity)
    let old = known.map { customers.lines[$0] }
    if let old, old.revision > event.revision { return }
    let line = BillingLineFact(
      revision: event.revision,
      subscription: customers.number(ofSubscription: event.subscriptionID, of: event.customerID),
      month: Month(containing: time),
      amountMicros: event.whyNotNew(billedAt: time) == nil ? event.amountMicros : 0
    )
    if line.month < clock.oldestMonth { expiredCount += 1 }
    if let old { customers.contribute(old, .withdraw, to: &contributions) }
    customers.set(line, replacing: known, of: identity)
    customers.contribute(line, .add, to: &contributions)
  }
}

extension CustomerState {
  /// Adds a line to what is attached to its subscription, or withdraws it.
  mutating func contribute(
    _ line: BillingLineFact, _ change: ContributionChange, to contributions: inout Contributions
  ) {
    guard line.amountMicros != 0, line.month >= contributions.base else { return }
    let isCredit = line.amountMicros < 0
    let amount = change * (isCredit ? 0 &- line.amountMicros : line.amountMicros)
    attach(amount, to: isCredit ? .credited : .billed, in: line.month, of: line.subscription)
    let months = line.month..<line.month + 1
    forEachAttribution(of: line.subscription, in: months, from: contributions.base) { _, attribution in
      guard attribution.state.isPaid else { return }
      contributions.forEachCell(attribution, sides: contributions.sideSets[attribution.state.sides]) {
        $0.add(amount, to: isCredit ? .creditedMicros : .billedMicros, in: line.month, of: $1)
      }
    }
  }
}

extension BillingLine {
  /// Why the line is not new revenue, whatever its subscription is: it is voided, off-cloud, or outside of the first twelve
  /// months of an enterprise agreement's contract. Nil if none applies.
  func whyNotNew(billedAt: Timestamp) -> Reason? {
    if voided { return .voided }
    if offCloud { return .offCloud }
    guard licenseProgram == .enterpriseAgreement, let contractStart else { return nil }
    if billedAt < contractStart { return .beforeContract }
    return billedAt < contractStart.addingTwelveMonths ? nil : .beyondFirstContractYear
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
