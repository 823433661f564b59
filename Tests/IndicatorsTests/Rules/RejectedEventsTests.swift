import Contract
import Indicators
import ReferenceModel
import Testing

@Suite("Events that are rejected")
struct RejectedEventsTests {
  /// Why the events that `build` makes are refused.
  private func refusals(_ build: (inout MarketEvents) -> Void) throws -> [Refusal?] {
    try Market(build).refusals
  }

  @Test("What is not decodable (SEM-55)", arguments: Topic.inputs)
  func notDecodable(topic: Topic) throws {
    let refusals = try refusals {
      $0.record(.undecodable(topic, key: "acme", bytes: nil))
      $0.record(.undecodable(topic, key: "acme", bytes: [0xff]))
      $0.record(.undecodable(topic, key: "acme", bytes: [0x0a, 0x05, 0x41]))
      $0.record(.undecodable(topic, key: "acme", bytes: [0x0a, 0x01, 0xff]))
    }
    #expect(refusals == [.notDecodable, .notDecodable, .notDecodable, .notDecodable])
  }

  @Test("An empty value lacks all that is required (SEM-57)")
  func empty() throws {
    let refusals = try refusals {
      for topic in Topic.inputs { $0.record(.undecodable(topic, key: "acme", bytes: [])) }
    }
    #expect(refusals == Array(repeating: .missingID, count: 9))
  }

  @Test("A required id is missing (SEM-57)")
  func missingID() throws {
    let refusals = try refusals {
      let time = "2024-01-10"
      $0.usage(of: "", at: time)
      $0.usage(subscription: "", at: time)
      $0.usage(by: "", at: time)
      $0.assignment(customer: "", from: time)
      $0.assignment(subscription: "", from: time)
      $0.assignment(of: "", from: time)
      $0.subscription(of: "", from: time)
      $0.subscription("", from: time)
      $0.line(of: "", at: time)
      $0.line(subscription: "", at: time)
      $0.line("", at: time)
      $0.instance(of: "", from: time)
      $0.instance(subscription: "", from: time)
      $0.instance("", from: time)
      $0.customer("", country: "FR", from: time)
      $0.pass(by: "", at: time)
      $0.pass("", at: time)
      $0.affiliation(of: "", from: time)
      $0.partner("", from: time)
    }
    #expect(refusals == Array(repeating: .missingID, count: 19))
  }

  @Test("Product, workload, partner of record and affiliation may be empty (SEM-57)")
  func optionalIDs() throws {
    let refusals = try refusals {
      $0.subscription(partner: "", product: "", workloads: [""], from: "2024-01-10")
      $0.usage(workload: "", at: "2024-01-10")
      $0.instance(workload: "", from: "2024-01-10")
      $0.affiliation(partner: "", country: "", from: "2024-01-10")
    }
    #expect(refusals == [nil, nil, nil, nil])
  }

  @Test("A required instant is missing (SEM-59)")
  func missingInstant() throws {
    var events = MarketEvents()
    let time = "2024-01-10"
    events.usage(at: time)
    events.assignment(from: time)
    events.subscription(from: time)
    events.line(at: time)
    events.instance(from: time)
    events.customer(country: "FR", from: time)
    events.pass(at: time)
    events.affiliation(from: time)
    events.partner(from: time)
    let timeless = events.log.map { $0.event.at(nil) }
    let refusals = try refusals {
      for event in timeless { $0.record(event) }
    }
    #expect(refusals == Array(repeating: .missingInstant, count: 9))
  }

  @Test("An enum is unspecified (SEM-61)")
  func unspecifiedEnum() throws {
    let refusals = try refusals {
      let time = "2024-01-10"
      $0.subscription(program: .unspecified, from: time)
      $0.subscription(kind: .unspecified, from: time)
      $0.subscription(status: .unspecified, from: time)
      $0.line(program: .unspecified, at: time)
      $0.instance(environment: .unspecified, from: time)
      $0.partner(accounts: [.csp, .unspecified], from: time)
    }
    #expect(refusals == Array(repeating: .unspecifiedEnum, count: 6))
  }

  @Test("An enum that has a value not known yet is accepted (SEM-61)")
  func unknownEnum() throws {
    let refusals = try refusals {
      let time = "2024-01-10"
      $0.subscription(program: LicenseProgram(rawValue: 99), from: time)
      $0.subscription(kind: SubscriptionKind(rawValue: 99), from: time)
      $0.subscription(status: SubscriptionStatus(rawValue: 99), from: time, revision: 1)
      $0.line(program: LicenseProgram(rawValue: 99), at: time)
      $0.instance(environment: Environment(rawValue: 99), from: time)
      $0.partner("other", accounts: [PartnerAccount(rawValue: 99)], from: time)
    }
    #expect(refusals == Array(repeating: nil, count: 6))
  }

  @Test("The currency is not the reporting one (SEM-62)", arguments: ["EUR", "", "usd", "USD "])
  func foreignCurrency(currency: String) throws {
    var events = MarketEvents()
    events.line(amount: 5, at: "2024-01-10")
    guard case .billingLine(var line) = events.log[0].event else { return }
    line.currency = currency
    #expect(try refusals { $0.record(.billingLine(line)) } == [.foreignCurrency])
  }

  @Test("An enterprise agreement's line has no contract_start (SEM-63)")
  func missingContractStart() throws {
    let refusals = try refusals {
      $0.line(program: .enterpriseAgreement, at: "2024-01-10")
      $0.line(program: .enterpriseAgreement, voided: true, at: "2024-01-10")
      $0.line("m", program: .enterpriseAgreement, contractStart: "2024-01-10", at: "2024-01-10")
    }
    #expect(refusals == [.missingContractStart, .missingContractStart, nil])
  }

  @Test("Seats are negative (SEM-65)")
  func negativeSeats() throws {
    let refusals = try refusals {
      $0.subscription(seats: -1, from: "2024-01-10")
      $0.subscription(seats: .min, kind: .trial, from: "2024-01-10")
      $0.subscription(seats: 0, from: "2024-01-10")
    }
    #expect(refusals == [.negativeSeats, .negativeSeats, nil])
  }

  @Test("There are more seats than anybody has (SEM-65)")
  func seatsOutOfRange() throws {
    let refusals = try refusals {
      $0.subscription(seats: 10_000_000, from: "2024-01-10")
      $0.subscription(seats: 10_000_001, from: "2024-01-10")
      $0.subscription(seats: .max, kind: .trial, from: "2024-01-10")
    }
    #expect(refusals == [nil, .seatsOutOfRange, .seatsOutOfRange])
  }

  @Test("An amount is larger than any bill (SEM-64)")
  func amountOutOfRange() throws {
    let bound: Int64 = 1_000_000_000_000_000
    let refusals = try refusals {
      $0.line(micros: bound, at: "2024-01-10")
      $0.line(micros: -bound, at: "2024-01-10")
      $0.line(micros: bound + 1, at: "2024-01-10")
      $0.line(micros: -bound - 1, at: "2024-01-10")
      $0.line(micros: .max, voided: true, at: "2024-01-10")
      $0.line(micros: .min, at: "2024-01-10")
    }
    #expect(refusals == [nil, nil] + Array(repeating: .amountOutOfRange, count: 4))
  }

  /// A text of that many bytes, some of them in characters of two.
  private func text(_ bytes: Int) -> String {
    String(repeating: "\u{e9}", count: bytes / 2) + String(repeating: "x", count: bytes % 2)
  }

  /// Events of which each has one text of `id` bytes, or for people to read of `name` bytes.
  private func events(id: String, name: String) throws -> MarketEvents {
    let time = "2024-01-10"
    var events = MarketEvents()
    events.usage(of: id, at: time)
    events.usage(subscription: id, at: time)
    events.usage(by: id, at: time)
    events.usage(workload: id, at: time)
    events.assignment(customer: id, from: time)
    events.assignment(subscription: id, from: time)
    events.assignment(of: id, from: time)
    events.subscription(of: id, from: time)
    events.subscription(id, from: time)
    events.subscription(partner: id, from: time)
    events.subscription(product: id, from: time)
    events.subscription(workloads: ["sales", id], from: time)
    events.line(of: id, at: time)
    events.line(subscription: id, at: time)
    events.line(id, at: time)
    events.instance(of: id, from: time)
    events.instance(subscription: id, from: time)
    events.instance(id, from: time)
    events.instance(workload: id, from: time)
    events.customer(id, country: "FR", from: time)
    events.pass(by: id, at: time)
    events.pass(id, at: time)
    events.affiliation(of: id, from: time)
    events.affiliation(partner: id, from: time)
    events.partner(id, from: time)
    for event in events.log.map(\.event) {
      switch event {
      case .usageAction(var event):
        (event.customerID, event.subscriptionID, event.userID, event.workload) = ("c", "s", "u", "")
        event.action = name
        events.record(.usageAction(event))
      case .customer(var event):
        (event.customerID, event.name) = ("c", name)
        events.record(.customer(event))
      case .partner(var event):
        (event.partnerID, event.name) = ("p", name)
        events.record(.partner(event))
      default: break
      }
    }
    return events
  }

  @Test("A text is longer than it may be (SEM-58)")
  func textTooLong() throws {
    let longest = try events(id: text(512), name: text(1024))
    let tooLong = try events(id: text(513), name: text(1025))
    #expect(longest.log.count == 31)
    func refusals(_ events: MarketEvents) throws -> [Refusal?] {
      // Some have equal keys and different contents.
      try Market(orderMatters: true) { for logged in events.log { $0.record(logged.event) } }.refusals
    }
    #expect(try refusals(longest) == Array(repeating: nil, count: 31))
    #expect(try refusals(tooLong) == Array(repeating: .textTooLong, count: 31))
  }

  @Test("Of several reasons the first one counts (SEM-54)")
  func firstReason() throws {
    let refusals = try refusals {
      $0.usage(by: "", of: text(600), at: "1999-01-01")
      $0.usage(of: text(600), at: "1999-01-01")
      $0.subscription(seats: .max, kind: .unspecified, from: "2024-01-10")
      $0.line(micros: .max, program: .unspecified, at: "2024-01-10")
      $0.line(micros: .max, program: .enterpriseAgreement, at: "2024-01-10")
    }
    #expect(
      refusals == [.missingID, .textTooLong, .unspecifiedEnum, .unspecifiedEnum, .missingContractStart])
  }

  @Test(
    "A country is neither empty nor two capital letters (SEM-66)",
    arguments: ["F", "FRA", "fr", "Fr", "F1", "\u{c9}", "\u{c9}A", " ", "FR "])
  func badCountry(country: String) throws {
    let refusals = try refusals {
      $0.customer(country: country, from: "2024-01-10")
      $0.affiliation(country: country, from: "2024-01-10")
      $0.partner(country: country, from: "2024-01-10")
    }
    #expect(refusals == [.badCountry, .badCountry, .badCountry])
  }

  @Test("Two capital letters are a country, whether or not there is one of that name (SEM-66)")
  func unheardOfCountry() throws {
    #expect(try refusals { $0.customer(country: "ZZ", from: "2024-01-10") } == [nil])
  }

  @Test("A rejected event changes nothing, not even the current month (SEM-53)")
  func changesNothing() throws {
    let market = try Market {
      $0.subscription(seats: 5, from: "2024-01-10")
      $0.subscription(seats: -1, from: "2024-02-10", revision: 1)
      $0.subscription(seats: 7, kind: .unspecified, from: "2024-01-10", revision: 1)
      $0.customer(country: "fra", from: "2024-01-10")
    }
    #expect(market.months() == ["2024-01"])
    #expect(market.cells(in: "2024-01") == ["||", "crm||", "crm|sales|"])
    #expect(market.component(.seatsAdded, in: "2024-01") == 5)
  }
}
