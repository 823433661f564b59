import Contract

/// What is known of persons, who are numbered in the order of arrival.
struct PersonState: ~Copyable {
  private var persons: [PersonFacts] = []
  private var numbersByIdentity = IdentityNumbers()

  init() {}

  var count: Int { persons.count }

  var numbers: Range<Int32> { 0..<Int32(persons.count) }

  subscript(person: Int32) -> PersonFacts {
    _read { yield persons[Int(person)] }
  }

  func identity(of person: Int32) -> Identity { numbersByIdentity.identity(of: person) }

  /// The number of a person, who is added if new.
  mutating func number(of identity: Identity) -> Int32 {
    let (number, isNew) = numbersByIdentity.take(identity)
    if isNew { persons.append(PersonFacts()) }
    return number
  }

  /// Adds a person; returns false if there is one of this identity already.
  mutating func add(_ person: PersonFacts, of identity: Identity) -> Bool {
    guard numbersByIdentity.take(identity).isNew else { return false }
    persons.append(person)
    return true
  }

  mutating func insert(_ state: AffiliationState, at order: StepOrder, of person: Int32) {
    persons[Int(person)].affiliations.insert(state, at: order)
  }

  /// Whether a higher revision of the pass is known.
  func isOutdated(_ pass: ExamPassFact, of person: Int32) -> Bool {
    persons[Int(person)].passes.contains { $0.exam == pass.exam && $0.revision > pass.revision }
  }

  /// Adds a pass, or replaces the one of the same exam.
  mutating func set(_ pass: ExamPassFact, of person: Int32) {
    if let old = persons[Int(person)].passes.firstIndex(where: { $0.exam == pass.exam }) {
      persons[Int(person)].passes[old] = pass
    } else {
      persons[Int(person)].passes.append(pass)
    }
  }

  /// Adds or withdraws a person as certified, wherever they are. O(passes x affiliations).
  func contribute(_ person: Int32, _ change: ContributionChange, to contributions: inout Contributions) {
    let facts = self[person]
    for (side, held) in facts.heldMonths(by: contributions.catalog) {
      for months in held {
        facts.affiliations.forEachRun(in: months.from(contributions.base)) { stretch, state in
          guard state.partner != PartnerRegistry.none else { return }
          contributions.forEachCell(of: state.partner, side, state.country) {
            $0.addLevel(change * 1, to: .certifiedIndividuals, during: stretch, of: $1)
          }
        }
      }
    }
  }

  /// O(state). `partners` is how many there are.
  func checkInvariants(partners: Int) throws(BrokenInvariant) {
    for person in numbers {
      let facts = self[person]
      try BrokenInvariant.check(
        numbersByIdentity.number(of: identity(of: person)) == person, "person \(person) is not found")
      try facts.affiliations.checkInvariants()
      try BrokenInvariant.check(
        facts.affiliations.steps.allSatisfy {
          (PartnerRegistry.none..<Int32(partners)).contains($0.state.partner)
        }, "person \(person) works for a partner that there is not")
      try BrokenInvariant.check(
        Set(facts.passes.map(\.exam)).count == facts.passes.count,
        "person \(person) has two passes of an exam")
    }
  }

  /// Approximate bytes of memory. O(1).
  var byteCount: Int {
    numbersByIdentity.byteCount + persons.heldBytes
      + persons.sampledSum { $0.affiliations.byteCount + $0.passes.heldBytes }
  }
}
