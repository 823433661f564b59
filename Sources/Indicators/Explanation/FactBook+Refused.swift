import Contract

extension FactBook {
  /// Notes a rejected event about a member of the circle, if it would have been a fact.
  mutating func note(
    _ refusal: Refusal, _ payload: UnsafeRawBufferPointer, of topic: Topic, _ scratch: PayloadScratch
  ) {
    guard var fact = refusedFact(payload, of: topic, scratch) else { return }
    (fact.reason, fact.refusal) = (.refused, refusal)
    let texts = [
      fact.kind.rawValue, fact.owner, fact.subscription, fact.name, fact.month?.description ?? "",
      refusal.rawValue,
    ]
    refused[texts.dropFirst().reduce(Identity(texts[0])) { $0.appending($1) }] = fact
  }

  private func refusedFact(
    _ payload: UnsafeRawBufferPointer, of topic: Topic, _ scratch: PayloadScratch
  ) -> Fact? {
    // Decodes it again; it was decodable before.
    switch topic {
    case .billingLines:
      guard let event = try? BillingLineView(payload: payload, scratch: scratch) else { return nil }
      var fact = refusedFact(
        .billingLine, event.customerID, event.subscriptionID, event.lineID, at: event.billedAt)
      fact?.amount = event.amountMicros
      return fact
    case .subscriptions:
      guard let event = try? SubscriptionView(payload: payload, scratch: scratch) else { return nil }
      return refusedFact(
        .seatChange, event.customerID, event.subscriptionID, BorrowedText(), at: event.effectiveAt)
    case .instances:
      guard let event = try? InstanceView(payload: payload, scratch: scratch) else { return nil }
      return refusedFact(
        .instance, event.customerID, event.subscriptionID, event.instanceID, at: event.effectiveAt)
    case .licenseAssignments:
      guard let event = try? LicenseAssignmentView(payload: payload, scratch: scratch) else { return nil }
      return refusedFact(
        .assignment, event.customerID, event.subscriptionID, event.userID, at: event.effectiveAt)
    case .usageActions:
      guard let event = try? UsageActionView(payload: payload, scratch: scratch) else { return nil }
      return refusedFact(.usage, event.customerID, event.subscriptionID, event.userID, at: event.occurredAt)
    case .examPasses:
      guard let event = try? ExamPassView(payload: payload, scratch: scratch),
        circle.holds(person: Identity(event.personID))
      else { return nil }
      var fact = Fact(.examPass, of: event.personID.beginning)
      fact.name = event.exam.beginning
      fact.month = month(of: event.passedAt)
      return fact
    case .customers, .affiliations, .partners, .partnerPartials, .indicatorSnapshots, .indicatorScales,
      .rejectedEvents, .generations, .taskCheckpoints:
      return nil
    }
  }

  private func refusedFact(
    _ kind: Fact.Kind, _ customer: BorrowedText, _ subscription: BorrowedText, _ name: BorrowedText,
    at time: Timestamp?
  ) -> Fact? {
    guard circle.holds(customer: Identity(customer)) else { return nil }
    var fact = Fact(kind, of: customer.beginning)
    (fact.subscription, fact.name) = (subscription.beginning, name.beginning)
    fact.month = month(of: time)
    return fact
  }

  /// Nil for an invalid time, which may be why the event was rejected.
  private func month(of time: Timestamp?) -> Month? {
    time.flatMap { $0.isValid ? Month(containing: $0) : nil }
  }
}

extension BorrowedText {
  /// The text, cut if it is longer than an id may be.
  fileprivate var beginning: String {
    guard count > EventLimits.id else { return string }
    var start = String(decoding: bytes.prefix(EventLimits.id), as: UTF8.self)
    // Leaves out a character that was cut.
    if start.last == "\u{fffd}" { start.removeLast() }
    return start + "…"
  }
}

extension Identity {
  func appending(_ text: String) -> Identity { text.withUTF8Bytes { appending($0) } }
}
