import Contract

extension MarketBuilder {
  /// The consultants of a partner, and the exams that they pass.
  mutating func addPeople(of partner: Int, count: Int) {
    for _ in 0..<count {
      let index = market.people.count
      var random = Random(seed: plan.seed, .people, index)
      let id = "person-\(index + 1)"
      market.people.append(Market.Person(id: id, partner: partner))
      addCareer(of: index, &random)
      // A pass is identified by person and exam, so each exam is passed once.
      var passed: [String] = []
      for _ in 0..<random.within(1...3) {
        guard let exam = drawExam(for: index, &random), !passed.contains(exam) else { continue }
        passed.append(exam)
        addPass(of: exam, by: index, &random)
      }
    }
  }

  private mutating func addCareer(of person: Int, _ random: inout Random) {
    var affiliation = Affiliation<String>()
    affiliation.personID = market.people[person].id
    affiliation.partnerID = market.partners[market.people[person].partner].id
    // Most work where their employer is.
    affiliation.country =
      random.percent(85)
      ? market.partners[market.people[person].partner].country : random.pick(Names.countries)
    var time = plan.start - Int64(random.within(0...500)) * secondsPerDay
    // A third join later.
    if random.percent(33) { time = plan.start + Int64(random.below(max(1, Int(plan.end - plan.start)))) }
    while time < plan.end {
      affiliation.effectiveAt = Timestamp(time)
      affiliation.revision += 1
      put(affiliation, at: time, &random)
      // Most stay for years.
      time += Int64(random.within(200...3000)) * secondsPerDay
      guard time < plan.end else { return }
      let next = random.percent(30) ? -1 : random.below(market.partners.count)
      market.people[person].partner = next
      affiliation.partnerID = next < 0 ? "" : market.partners[next].id
    }
  }

  /// Mostly one of the product that the employer sells most.
  private func drawExam(for person: Int, _ random: inout Random) -> String? {
    let home = market.people[person].partner
    let specialty = home < 0 ? 0 : market.partners[home].specialty
    let product = random.percent(75) ? specialty : random.below(max(1, offering.products.count))
    guard offering.products.indices.contains(product), !offering.products[product].exams.isEmpty else {
      return nil
    }
    return random.pick(offering.products[product].exams)
  }

  private mutating func addPass(of exam: String, by person: Int, _ random: inout Random) {
    var pass = ExamPass<String>()
    pass.personID = market.people[person].id
    pass.exam = exam
    let passed = plan.start + Int64(random.within(-360...max(1, plan.months * 30))) * secondsPerDay + 36_000
    pass.passedAt = Timestamp(passed)
    // Two in ten are for life.
    let expires = passed + 365 * secondsPerDay
    pass.expiresAt = random.percent(20) ? nil : Timestamp(expires)
    pass.revision = 1
    put(pass, at: passed, &random)
    if pass.expiresAt != nil, expires < plan.end, random.percent(60) {
      // Renewed before it expired.
      pass.expiresAt = Timestamp(expires + 365 * secondsPerDay)
      pass.revision += 1
      putCorrection(pass, at: passed, &random)
    }
    if random.percent(2) {
      pass.revoked = true
      pass.revision += 1
      putCorrection(pass, at: passed, &random)
    }
  }
}
