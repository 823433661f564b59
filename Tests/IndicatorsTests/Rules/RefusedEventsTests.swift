import Contract
import Indicators
import Testing

@Suite("Events that are refused")
struct RefusedEventsTests {
  /// Why the events that `build` makes are refused.
  private func refusals(_ build: (inout MarketEvents) -> Void) throws -> [Refusal?] {
    try Market(build).refusals
  }

  @Test("What is not decodable", arguments: Topic.inputs)
  func notDecodable(topic: Topic) throws {
    let refusals = try refusals {
      $0.record(.undecodable(topic, key: "acme", bytes: nil))
      $0.record(.undecodable(topic, key: "acme", bytes: [0xff]))
      $0.record(.undecodable(topic, key: "acme", bytes: [0x0a, 0x05, 0x41]))
      $0.record(.undecodable(topic, key: "acme", bytes: [0x0a, 0x01, 0xff]))
    }
    #expect(refusals == [.notDecodable, .notDecodable, .notDecodable, .notDecodable])
  }

  @Test("An empty value lacks all that is required")
  func empty() throws {
    let refusals = try refusals {
      for topic in Topic.inputs { $0.record(.undecodable(topic, key: "acme", bytes: [])) }
    }
    #expect(refusals == Array(repeating: .missingID, count: 9))
  }

  @Test("A required id is missing")
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

  @Test("Product, workload, partner of record and affiliation may be empty")
  func optionalIDs() throws {
    let refusals = try refusals {
      $0.subscription(partner: "", product: "", workloads: [""], from: "2024-01-10")
      $0.usage(workload: "", at: "2024-01-10")
      $0.instance(workload: "", from: "2024-01-10")
      $0.affiliation(partner: "", country: "", from: "2024-01-10")
    }
    #expect(refusals == [nil, nil, nil, nil])
  }

  @Test("A required instant is missing")
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

  @Test("An enum is unspecified")
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

  @Test("An enum that has a value not known yet is accepted")
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

  @Test("The currency is not the reporting one", arguments: ["EUR", "", "usd", "USD "])
  func foreignCurrency(currency: String) throws {
    var events = MarketEvents()
    events.line(amount: 5, at: "2024-01-10")
    guard case .billingLine(var line) = events.log[0].event else { return }
    line.currency = currency
    #expect(try refusals { $0.record(.billingLine(line)) } == [.foreignCurrency])
  }

  @Test("An enterprise agreement's line has no contract_start")
  func missingContractStart() throws {
    let refusals = try refusals {
      $0.line(program: .enterpriseAgreement, at: "2024-01-10")
      $0.line(program: .enterpriseAgreement, voided: true, at: "2024-01-10")
      $0.line("m", program: .enterpriseAgreement, contractStart: "2024-01-10", at: "2024-01-10")
    }
    #expect(refusals == [.missingContractStart, .missingContractStart, nil])
  }

  @Test("Seats are negative")
  func negativeSeats() throws {
    let refusals = try refusals {
      $0.subscription(seats: -1, from: "2024-01-10")
      $0.subscription(seats: .min, kind: .trial, from: "2024-01-10")
      $0.subscription(seats: 0, from: "2024-01-10")
    }
    #expect(refusals == [.negativeSeats, .negativeSeats, nil])
  }

  @Test(
    "A country is neither empty nor two capital letters",
    arguments: ["F", "FRA", "fr", "Fr", "F1", "\u{c9}", "\u{c9}A", " ", "FR "])
  func badCountry(country: String) throws {
    let refusals = try refusals {
      $0.customer(country: country, from: "2024-01-10")
      $0.affiliation(country: country, from: "2024-01-10")
      $0.partner(country: country, from: "2024-01-10")
    }
    #expect(refusals == [.badCountry, .badCountry, .badCountry])
  }

  @Test("Two capital letters are a country, whether or not there is one of that name")
  func unheardOfCountry() throws {
    #expect(try refusals { $0.customer(country: "ZZ", from: "2024-01-10") } == [nil])
  }

  @Test("A refused event changes nothing, not even the current month")
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

  @Test("Amounts and seats at the limits of their types are accepted, and nothing breaks")
  func limits() throws {
    let market = try Market {
      $0.subscription(seats: .max, from: "2024-01-10")
      $0.subscription(seats: 0, from: "2024-02-10")
      $0.line("a", micros: .min, at: "2024-01-10")
      $0.line("b", micros: .max, at: "2024-01-10")
      $0.line("c", micros: .max, at: "2024-01-10")
    }
    #expect(market.refusals == [nil, nil, nil, nil, nil])
    #expect(market.component(.seatsAdded, in: "2024-02") == .max)
    #expect(market.component(.seatsLost, in: "2024-02") == .max)
  }
}
