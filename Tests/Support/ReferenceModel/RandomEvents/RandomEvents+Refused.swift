import Contract
import Randomness

extension RandomEvents {
  /// An event that must be refused, for one reason at least.
  mutating func refused() -> LoggedEvent {
    let event = event()
    if generator.percent(15) {
      let damaged: [[UInt8]?] = [nil, [0xff], [0x0a, 0x05, 0x41], [0x0a, 0x01, 0xff], Array("{".utf8)]
      return LoggedEvent(.undecodable(event.topic, key: event.key, bytes: generator.pick(damaged)))
    }
    if generator.percent(20), let time = event.time {
      // A millisecond, or a nanosecond, too late for its record.
      let milliseconds =
        time.seconds * 1000 + Int64(time.nanos) / 1_000_000 - (time.nanos % 1_000_000 == 0 ? 1 : 0)
      return LoggedEvent(event, timestamp: milliseconds - 24 * 3_600_000)
    }
    if generator.percent(20) {
      return LoggedEvent(
        event.at(generator.pick(RandomWorld.extremes.filter { $0.seconds < 946_684_800 } + [nil])))
    }
    return LoggedEvent(generator.percent(25) ? withLongText(event) : spoilt(event))
  }

  private mutating func spoilt(_ event: InputEvent) -> InputEvent {
    switch event {
    case .usageAction(var event):
      switch generator.pick([0, 1, 2]) {
      case 0: event.customerID = ""
      case 1: event.subscriptionID = ""
      default: event.userID = ""
      }
      return .usageAction(event)
    case .licenseAssignment(var event):
      switch generator.pick([0, 1, 2]) {
      case 0: event.customerID = ""
      case 1: event.subscriptionID = ""
      default: event.userID = ""
      }
      return .licenseAssignment(event)
    case .subscription(var event):
      switch generator.pick([0, 1, 2, 3, 4, 5]) {
      case 0: event.subscriptionID = ""
      case 1: event.kind = .unspecified
      case 2: event.status = .unspecified
      case 3: event.licenseProgram = .unspecified
      case 4: event.seats = generator.pick([10_000_001, .max])
      default: event.seats = generator.pick([-1, .min])
      }
      return .subscription(event)
    case .billingLine(var event):
      switch generator.pick([0, 1, 2, 3, 4, 5]) {
      case 4:
        event.amountMicros = generator.pick([1_000_000_000_000_001, -1_000_000_000_000_001, .max, .min])
      case 0: event.lineID = ""
      case 1: event.subscriptionID = ""
      case 2: event.licenseProgram = .unspecified
      case 3: event.currency = generator.pick(["USD", "", "eur", "EURO"])
      default: (event.licenseProgram, event.contractStart) = (.enterpriseAgreement, nil)
      }
      return .billingLine(event)
    case .instance(var event):
      switch generator.pick([0, 1, 2]) {
      case 0: event.instanceID = ""
      case 1: event.subscriptionID = ""
      default: event.environment = .unspecified
      }
      return .instance(event)
    case .customer(var event):
      event.country = generator.pick(badCountries)
      return .customer(event)
    case .examPass(var event):
      if generator.percent(50) { event.exam = "" } else { event.personID = "" }
      return .examPass(event)
    case .affiliation(var event):
      if generator.percent(50) { event.country = generator.pick(badCountries) } else { event.personID = "" }
      return .affiliation(event)
    case .partner(var event):
      switch generator.pick([0, 1, 2]) {
      case 0: event.partnerID = ""
      case 1: event.accounts.append(.unspecified)
      default: event.country = generator.pick(badCountries)
      }
      return .partner(event)
    case .undecodable:
      return event
    }
  }

  /// With a text that is too long, by one byte or by many.
  private mutating func withLongText(_ event: InputEvent) -> InputEvent {
    let id = generator.pick([
      String(repeating: "x", count: 513), String(repeating: "\u{e9}", count: 257),
      String(repeating: "\u{1}", count: 2_000),
    ])
    let name = generator.pick([
      String(repeating: "x", count: 1025), String(repeating: "\u{1f642}", count: 257),
    ])
    let which = generator.pick([0, 1, 2, 3, 4])
    switch event {
    case .usageAction(var event):
      switch which {
      case 0: event.customerID = id
      case 1: event.subscriptionID = id
      case 2: event.userID = id
      case 3: event.workload = id
      default: event.action = name
      }
      return .usageAction(event)
    case .licenseAssignment(var event):
      switch which {
      case 0: event.customerID = id
      case 1: event.subscriptionID = id
      default: event.userID = id
      }
      return .licenseAssignment(event)
    case .subscription(var event):
      switch which {
      case 0: event.customerID = id
      case 1: event.subscriptionID = id
      case 2: event.product = id
      case 3: event.dporPartnerID = id
      default: event.workloads.append(id)
      }
      return .subscription(event)
    case .billingLine(var event):
      switch which {
      case 0: event.customerID = id
      case 1: event.subscriptionID = id
      default: event.lineID = id
      }
      return .billingLine(event)
    case .instance(var event):
      switch which {
      case 0: event.customerID = id
      case 1: event.subscriptionID = id
      case 2: event.workload = id
      default: event.instanceID = id
      }
      return .instance(event)
    case .customer(var event):
      if which < 2 { event.customerID = id } else { event.name = name }
      return .customer(event)
    case .examPass(var event):
      if which < 2 { event.personID = id } else { event.exam = id }
      return .examPass(event)
    case .affiliation(var event):
      if which < 2 { event.personID = id } else { event.partnerID = id }
      return .affiliation(event)
    case .partner(var event):
      if which < 2 { event.partnerID = id } else { event.name = name }
      return .partner(event)
    case .undecodable:
      return event
    }
  }

  private var badCountries: [String] { ["F", "fr", "FRA", "F1", "\u{c9}", " "] }
}
