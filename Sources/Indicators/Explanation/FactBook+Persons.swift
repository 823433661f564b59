import Contract

// Events that are keyed by person or by partner.
extension FactBook {
  mutating func apply(_ event: ExamPassView, _ limits: EventTimeLimits) throws {
    let time = try event.check(limits)
    advanceClock(to: time)
    let (person, exam) = (Identity(event.personID), Identity(event.exam))
    guard circle.holds(person: person) else { return }
    if let old = persons[person]?.passes[exam], old.pass.revision > event.revision { return }
    var pass = ExamPass<String>()
    (pass.personID, pass.exam, pass.revision) = (event.personID.string, event.exam.string, event.revision)
    (pass.expiresAt, pass.revoked) = (event.expiresAt, event.revoked)
    let entry = PassEntry(pass: pass, passedAt: time)
    if persons[person]?.passes[exam] != entry { arrivals.note(.pass(of: event.personID, event.exam)) }
    persons[person, default: PersonEntry(id: pass.personID)].passes[exam] = entry
  }

  mutating func apply(_ event: AffiliationView, _ limits: EventTimeLimits) throws {
    let (time, country) = try event.check(limits)
    advanceClock(to: time)
    let person = Identity(event.personID)
    guard circle.holds(person: person) else { return }
    let state = AffiliationState(partner: partners.number(of: event.partnerID), country: country)
    let order = StepOrder(effectiveAt: Instant(time), revision: event.revision)
    let old = persons[person]?.affiliations
    persons[person, default: PersonEntry(id: event.personID.string)].affiliations.insert(state, at: order)
    if persons[person]?.affiliations != old { arrivals.note(.affiliation(of: event.personID)) }
  }

  mutating func apply(_ event: PartnerView, _ limits: EventTimeLimits) throws {
    let (time, country) = try event.check(limits)
    advanceClock(to: time)
    guard event.partnerID == circle.partnerID else { return }
    eligibility.insert(
      Eligibility(event, in: country, catalog),
      at: StepOrder(effectiveAt: Instant(time), revision: event.revision))
  }
}

extension FactBook.PassEntry: Equatable {
  static func == (left: Self, right: Self) -> Bool {
    left.passedAt == right.passedAt && left.pass.protobuf == right.pass.protobuf
  }
}
