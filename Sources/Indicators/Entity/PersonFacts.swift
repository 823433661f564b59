import Contract

/// Which partner a person works for, and in which country.
struct AffiliationState: Equatable {
  /// `PartnerRegistry.none` for none.
  var partner: Int32
  var country: Country
}

/// The highest revision of a person's pass of an exam.
struct ExamPassFact {
  var exam: Identity
  var revision: Int64
  /// The months at whose end the pass is held; empty for a revoked one.
  var held: Range<Month>
}

extension ExamPass {
  /// The months at whose end the pass is held; empty for a revoked one.
  func heldMonths(passedAt: Timestamp) -> Range<Month> {
    let passed = Month(containing: passedAt)
    var expired = expiresAt.map(Month.init(containing:)) ?? .never
    if expired - passed >= EventLimits.monthsOfPass { expired = .never }
    return revoked ? passed..<passed : passed..<max(passed, expired)
  }
}

/// A person over time.
struct PersonFacts {
  var affiliations = Timeline<AffiliationState>()
  /// Passes of exams that the catalog lists.
  var passes: [ExamPassFact] = []
}

extension EntityState {
  func apply(_ event: ExamPassView, _ limits: EventTimeLimits) throws(Refusal) {
    let time = try event.check(limits)
    advanceClock(to: time)

    let exam = Identity(event.exam)
    guard catalog.examSides[exam] != nil else { return }
    let person = persons.number(of: Identity(event.personID.bytes))
    let pass = ExamPassFact(exam: exam, revision: event.revision, held: event.heldMonths(passedAt: time))
    if persons.isOutdated(pass, of: person) { return }
    persons.contribute(person, .withdraw, to: &contributions)
    persons.set(pass, of: person)
    persons.contribute(person, .add, to: &contributions)
  }

  func apply(_ event: AffiliationView, _ limits: EventTimeLimits) throws(Refusal) {
    let (time, country) = try event.check(limits)
    advanceClock(to: time)

    let person = persons.number(of: Identity(event.personID.bytes))
    persons.contribute(person, .withdraw, to: &contributions)
    persons.insert(
      AffiliationState(partner: partners.number(of: event.partnerID), country: country),
      at: StepOrder(effectiveAt: Instant(time), revision: event.revision), of: person)
    persons.contribute(person, .add, to: &contributions)
  }
}

extension PersonFacts {
  /// For each product side, the ranges of months at whose end at least one exam that counts toward it is held; in order and
  /// disjoint.
  func heldMonths(by catalog: Catalog) -> [(SideIndex, [Range<Month>])] {
    var bySide: [(side: SideIndex, months: Range<Month>)] = []
    for pass in passes where !pass.held.isEmpty {
      for side in catalog.examSides[pass.exam] ?? [] { bySide.append((side, pass.held)) }
    }
    bySide.sort { ($0.side, $0.months.lowerBound) < ($1.side, $1.months.lowerBound) }
    var result: [(SideIndex, [Range<Month>])] = []
    for (side, months) in bySide {
      guard let last = result.last, last.0 == side, let stretch = last.1.last else {
        result.append((side, [months]))
        continue
      }
      if months.lowerBound <= stretch.upperBound {
        let end = max(stretch.upperBound, months.upperBound)
        result[result.count - 1].1[last.1.count - 1] = stretch.lowerBound..<end
      } else {
        result[result.count - 1].1.append(months)
      }
    }
    return result
  }
}
