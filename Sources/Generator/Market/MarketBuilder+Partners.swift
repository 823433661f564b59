import Contract

extension MarketBuilder {
  mutating func addPartner(_ index: Int) {
    var random = Random(seed: plan.seed, .partner, index)
    var partner = Partner<String>()
    partner.partnerID = Names.partner(index, seed: plan.seed)
    partner.name = Names.title(partner.partnerID)
    partner.country = random.pick(Names.countries)
    // One in forty has no account, and is not ranked.
    partner.accounts = random.below(40) == 0 ? [] : random.pick([[.mpn], [.csp], [.mpn, .csp]])
    market.partners.append(
      Market.Partner(
        id: partner.partnerID, country: partner.country, weight: 100_000 / (index + 4),
        momentum: random.below(5), specialty: random.below(max(1, offering.products.count))))
    // Most exist before the market begins; the others join while it continues.
    let span = Int(plan.end - plan.start)
    let start =
      random.percent(90)
      ? plan.start - Int64(random.within(30...400)) * secondsPerDay
      : plan.start + Int64(random.below(max(1, span * 2 / 3)))
    put(step(&partner, at: start), at: start, &random)
    if random.percent(4) {
      // Its first name was wrong.
      partner.name += " International"
      putCorrection(step(&partner, at: start), at: start, &random)
    }
    for _ in 0..<random.below(2) {
      let time = plan.start + Int64(random.below(max(1, span)))
      guard time > start else { continue }
      changeEnrolment(of: &partner, at: time, &random)
    }
  }

  private mutating func changeEnrolment(
    of partner: inout Partner<String>, at time: Int64, _ random: inout Random
  ) {
    switch random.below(10) {
    case 0:
      // It leaves the programs, and half of those return.
      let accounts = partner.accounts
      partner.accounts = []
      put(step(&partner, at: time), at: time, &random)
      guard random.percent(50) else { return }
      let back = time + Int64(random.within(20...150)) * secondsPerDay
      partner.accounts = accounts.isEmpty ? [.mpn] : accounts
      put(step(&partner, at: back), at: back, &random)
    case 1:
      partner.country = random.pick(Names.countries)
      put(step(&partner, at: time), at: time, &random)
    default:
      partner.accounts = [.mpn, .csp]
      put(step(&partner, at: time), at: time, &random)
    }
  }

  private func step(_ partner: inout Partner<String>, at time: Int64) -> Partner<String> {
    partner.effectiveAt = Timestamp(time)
    partner.revision += 1
    return partner
  }
}
