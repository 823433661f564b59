import Contract

/// Which partner a person works for, and where.
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
  /// Passes of exams that the catalogue lists.
  var passes: [ExamPassFact] = []
}

extension EntityState {
  func apply(_ event: ExamPassView, _ limits: EventTimeLimits) throws(Refusal) {
    let time = try event.check(limits)
    advanceClock(to: time)

    let exam = Identity(event.exam)
    guard catalog.examSides[exam] != nil else { return }
    let person = personNumber(event.personID)
    let pass = ExamPassFact(exam: exam, revision: event.revision, held: event.heldMonths(passedAt: time))
    let old = persons[Int(person)].passes.firstIndex { $0.exam == exam }
    if let old, persons[Int(person)].passes[old].revision > pass.revision { return }
    contribute(person: person, .withdraw)
    if let old {
      persons[Int(person)].passes[old] = pass
    } else {
      persons[Int(person)].passes.append(pass)
    }
    contribute(person: person, .add)
  }

  func apply(_ event: AffiliationView, _ limits: EventTimeLimits) throws(Refusal) {
    let (time, country) = try event.check(limits)
    advanceClock(to: time)

    let person = personNumber(event.personID)
    contribute(person: person, .withdraw)
    persons[Int(person)].affiliations.insert(
      AffiliationState(partner: partners.number(of: event.partnerID), country: country),
      at: StepOrder(effectiveAt: Instant(time), revision: event.revision))
    contribute(person: person, .add)
  }

  private func personNumber(_ id: BorrowedText) -> Int32 {
    let (number, isNew) = personNumbers.take(Identity(id.bytes))
    if isNew { persons.append(PersonFacts()) }
    return number
  }

  /// Counts a person as certified wherever they are, or takes that back. O(passes x affiliations).
  func contribute(person: Int32, _ sign: Sign) {
    let facts = persons[Int(person)]
    for (side, held) in facts.heldMonths(by: catalog) {
      for months in held {
        facts.affiliations.forEachRun(in: months.from(base)) { stretch, state in
          guard state.partner != PartnerRegistry.none else { return }
          forEachLocation(of: state.country) { location in
            let number = aggregates.number(
              of: AggregateKey(partner: state.partner, side: side, location: location))
            addLevel(sign * 1, to: .certifiedIndividuals, during: stretch, of: number)
          }
        }
      }
    }
  }
}

extension PersonFacts {
  /// For each product side, the stretches of months at whose end at least one exam that counts towards it is held;
  /// in order, apart from one another.
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
