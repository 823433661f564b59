import Contract
import Indicators

extension MarketBuilder {
  mutating func addCustomer(_ index: Int, users: Int) {
    var random = Random(seed: plan.seed, .customer, index)
    let id = Names.tenant(index, &random)
    let start = customerStart(&random)
    // The country of a few is never known.
    let country = random.percent(2) ? "" : random.pick(Names.countries)
    let firstUser = market.customers.last.map { $0.firstUser + $0.users } ?? 0
    market.customers.append(
      Market.Customer(
        id: id, country: country, firstSubscription: market.subscriptions.count, subscriptions: 0,
        firstUser: firstUser, users: users))
    addResidence(of: index, from: start, &random)
    let most = users < 30 ? 1 : users < 150 ? 2 : 4
    let count = random.within(1...most)
    for number in 1...count {
      let delay = number == 1 ? 0 : Int64(random.within(0...300)) * secondsPerDay
      addSubscription(of: index, number: number, from: start + delay, users: max(3, users / count), &random)
    }
    market.customers[index].subscriptions = count
    addSeats(of: index)
  }

  /// Half exist before the market begins; the others arrive at a growing rate, most of them towards the end of a quarter.
  private func customerStart(_ random: inout Random) -> Int64 {
    if random.percent(50) { return plan.start - Int64(random.within(1...300)) * secondsPerDay }
    let later = max(random.below(plan.months), random.below(plan.months))
    let month = plan.firstMonth + Int32(later)
    let quarterEnd = month + Int32((12 - month.monthOfYear) % 3)
    return second(in: random.percent(35) ? min(quarterEnd, plan.lastMonth) : month, &random)
  }

  private mutating func addResidence(of index: Int, from start: Int64, _ random: inout Random) {
    var customer = Customer<String>()
    customer.customerID = market.customers[index].id
    customer.name = Names.title(customer.customerID.prefix { $0 != "." })
    customer.country = market.customers[index].country
    customer.effectiveAt = Timestamp(start)
    customer.revision = 1
    put(customer, at: start, &random)
    guard random.percent(4) else { return }
    // It moves.
    let time = start + Int64(random.within(60...600)) * secondsPerDay
    customer.country = random.pick(Names.countries)
    customer.effectiveAt = Timestamp(time)
    customer.revision += 1
    put(customer, at: time, &random)
  }
}
