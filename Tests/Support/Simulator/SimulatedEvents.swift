import Contract
import Randomness
import ReferenceModel
import SimulatedLog

/// The events of a simulation: a random set, and among it a *pulse*: events that only ever add to what partner "pulse"
/// has, so that a subscriber can tell any step back.
enum SimulatedEvents {
  static let pulsePartner = "pulse"

  static func make(seed: UInt64, _ chance: inout SplitMix64) -> [LoggedEvent] {
    var random = RandomEvents(seed: seed)
    let background = random.set()
    // Without one, time in the background's many months goes by more slowly.
    let pulse = chance.percent(75) ? pulse(around: newest(of: background), &chance) : []
    var result: [LoggedEvent] = []
    var (first, second) = (background[...], pulse[...])
    while !first.isEmpty || !second.isEmpty {
      if chance.below(first.count + second.count) < first.count {
        result.append(first.removeFirst())
      } else {
        result.append(second.removeFirst())
      }
      // Refused events are counted one by one.
      if chance.percent(4) {
        result.append(LoggedEvent(.undecodable(.usageActions, key: "c\(chance.below(9))", bytes: [0xff])))
      }
    }
    return result
  }

  private static func newest(of log: [LoggedEvent]) -> Timestamp {
    log.filter { $0.refusals(currency: "EUR").isEmpty }.compactMap(\.event.time).max()
      ?? Timestamp(seconds: 1_700_000_000)
  }

  private static func pulse(around newest: Timestamp, _ chance: inout SplitMix64) -> [LoggedEvent] {
    let start = Timestamp(seconds: max(newest.seconds - Int64(chance.below(600)) * 86_400, 946_684_800))
    func time(_ chance: inout SplitMix64) -> Timestamp {
      Timestamp(
        seconds: min(
          start.seconds + Int64(chance.below(30 * 86_400)), Swift.max(newest.seconds, start.seconds)))
    }
    var events: [InputEvent] = []
    var partner = Partner<String>()
    partner.partnerID = pulsePartner
    partner.country = "FR"
    partner.accounts = [.mpn]
    partner.effectiveAt = Timestamp(seconds: 946_684_800)
    events.append(.partner(partner))
    let customers = (0..<1 + chance.below(3)).map { "pulse-\($0)" }
    for customer in customers {
      var subscription = Subscription<String>()
      subscription.customerID = customer
      subscription.subscriptionID = "s"
      subscription.product = "A"
      subscription.workloads = ["a"]
      subscription.licenseProgram = .open
      subscription.kind = .paid
      subscription.status = .active
      subscription.seats = 10
      subscription.dporPartnerID = pulsePartner
      subscription.effectiveAt = start
      events.append(.subscription(subscription))
    }
    for number in 0..<30 + chance.below(90) {
      let customer = customers[chance.below(customers.count)]
      if chance.percent(60) {
        var action = UsageAction<String>()
        action.customerID = customer
        action.subscriptionID = "s"
        action.userID = "u\(number)"
        action.workload = "a"
        action.action = "open"
        action.intentional = true
        action.occurredAt = time(&chance)
        events.append(.usageAction(action))
      } else {
        var line = BillingLine<String>()
        line.customerID = customer
        line.subscriptionID = "s"
        line.lineID = "l\(number)"
        line.licenseProgram = .open
        line.amountMicros = 1_000_000
        line.currency = "EUR"
        line.billedAt = time(&chance)
        events.append(.billingLine(line))
      }
    }
    return events.map { LoggedEvent($0) }
  }
}
