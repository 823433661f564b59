import Contract
import Randomness
import ReferenceModel
import SimulatedLog

/// The events of a simulation: a random set, and among it a *pulse*: events that only ever add to what partner "pulse"
/// has, so that a subscriber can tell any step back.
enum SimulatedEvents {
  static let pulsePartner = "pulse"

  /// `turns` says how often the month turns in the midst of them, `undecodable` how many out of a hundred are followed by one
  /// that is refused.
  static func make(seed: UInt64, turns: Int, undecodable: Int, _ chance: inout SplitMix64) -> [LoggedEvent] {
    var random = RandomEvents(seed: seed)
    let background = random.set()
    var newest = newest(of: background)
    // Without one, time in the background's many months goes by more slowly.
    let pulse = chance.percent(75) ? pulse(around: newest, &chance) : []
    var result: [LoggedEvent] = []
    var (first, second) = (background[...], pulse[...])
    while !first.isEmpty || !second.isEmpty {
      if chance.below(first.count + second.count) < first.count {
        result.append(first.removeFirst())
      } else {
        result.append(second.removeFirst())
      }
      // Refused events are counted one by one.
      if chance.percent(undecodable) {
        result.append(LoggedEvent(.undecodable(.usageActions, key: "c\(chance.below(9))", bytes: [0xff])))
      }
    }
    // In the order of the log, each later than all before it.
    for index in (0..<turns).map({ _ in chance.below(result.count + 1) }).sorted() {
      guard let turn = turn(after: &newest, &chance) else { break }
      result.insert(LoggedEvent(turn), at: index)
    }
    return result
  }

  /// An event of a later month, which changes nothing else; nil after the last year of all.
  private static func turn(after newest: inout Timestamp, _ chance: inout SplitMix64) -> InputEvent? {
    let months = [1, 1, 1, 2, 5, 13, 25][chance.below(7)]
    let time = ModelCalendar.firstInstant(of: ModelCalendar.month(of: newest) + months)
    guard Timestamp.validSeconds.contains(time.seconds) else { return nil }
    newest = time
    var action = UsageAction<String>()
    action.customerID = "turn-\(chance.below(50))"
    action.subscriptionID = "s"
    action.userID = "u"
    action.workload = "a"
    action.action = "open"
    action.intentional = true
    action.occurredAt = time
    return .usageAction(action)
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
