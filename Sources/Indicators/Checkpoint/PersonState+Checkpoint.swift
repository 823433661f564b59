import Contract

extension PersonState {
  func writePerson(_ person: Int32, to writer: inout StateWriter) {
    let facts = self[person]
    writer.write(identity(of: person))
    facts.affiliations.write(to: &writer) {
      $0.write($1.partner)
      $0.write($1.country.code)
    }
    writer.writeAll(facts.passes) { writer, pass in
      writer.write(pass.exam)
      writer.write(pass.revision)
      writer.write(pass.held.lowerBound)
      writer.write(pass.held.upperBound)
    }
  }

  mutating func readPerson(from reader: inout StateReader, partners: Int) throws(DamagedState) {
    let identity = try reader.readIdentity()
    var facts = PersonFacts()
    facts.affiliations = try Timeline(from: &reader) { reader throws(DamagedState) in
      let partner: Int32 = try reader.readIndex(below: partners, orNone: PartnerRegistry.none)
      let code = try reader.read(UInt16.self)
      guard code <= 26 * 26 else { throw DamagedState() }
      return AffiliationState(partner: partner, country: Country(code: code))
    }
    facts.passes = try reader.readAll { reader throws(DamagedState) in
      let (exam, revision) = (try reader.readIdentity(), try reader.read(Int64.self))
      let (from, until) = (try reader.readMonth(), try reader.readMonth())
      guard from <= until else { throw DamagedState() }
      return ExamPassFact(exam: exam, revision: revision, held: from..<until)
    }
    guard add(facts, of: identity) else { throw DamagedState() }
  }
}
