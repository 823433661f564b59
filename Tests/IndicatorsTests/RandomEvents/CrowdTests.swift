import Contract
import Foundation
import Indicators
import Randomness
import ReferenceModel
import Testing

/// Many of a kind, where the small worlds of `RandomEvents` have few: structures grow, split and are rebuilt.
@Suite("Crowds, through the incremental pipeline")
struct CrowdTests {
  @Test("of partners, whose bars move as they come and go", arguments: [1, 2] as [UInt64])
  func partners(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let partners = (0..<1500).map { "p\($0)" }
    var events = MarketEvents()
    for partner in partners {
      events.partner(partner, revision: 0)
      events.subscription(of: partner, partner: partner, seats: seats(using: &generator), from: "2024-01-10")
    }
    var crowd = try Crowd(catalog: Market.catalog)
    try crowd.take(events.log.shuffled(using: &generator))
    for revision in 1...6 as ClosedRange<Int64> {
      var events = MarketEvents()
      for partner in partners where generator.percent(revision == 3 ? 90 : 5) {
        events.subscription(
          of: partner, partner: partner, seats: seats(using: &generator), from: "2024-01-10",
          revision: revision)
      }
      for partner in partners where generator.percent(3) {
        events.partner(partner, accounts: generator.percent(50) ? [] : [.mpn], revision: revision)
      }
      events.now("2024-0\(revision / 3 + 1)-15")
      try crowd.take(events.log.shuffled(using: &generator))
    }
  }

  /// Often a number that others have as well.
  private func seats(using generator: inout SplitMix64) -> Int64 {
    generator.percent(30) ? generator.pick([0, 1, 100]) : Int64.random(in: 0...5000, using: &generator)
  }

  @Test("of users, who are forgotten as months go by", arguments: [1, 2] as [UInt64])
  func users(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let customers = ["acme", "bolt", "coop"]
    let subscriptions = ["s", "t"]
    var crowd = try Crowd(catalog: Market.catalog)
    for year in 2018...2024 {
      var events = MarketEvents()
      events.partner()
      events.partner("fabrikam")
      for customer in customers {
        for subscription in subscriptions {
          let month = Int.random(in: 1...9, using: &generator)
          events.subscription(
            subscription, of: customer, partner: generator.pick(["contoso", "fabrikam"]),
            from: "\(year)-0\(month)-10")
          events.customer(customer, country: generator.pick(["BE", "LU"]), from: "\(year)-0\(month)-20")
        }
      }
      for _ in 0..<2000 {
        events.usage(
          by: "u\(Int.random(in: 0..<700, using: &generator))", of: generator.pick(customers),
          subscription: generator.pick(subscriptions), workload: generator.pick(["sales", "service"]),
          at: "\(year)-0\(Int.random(in: 1...9, using: &generator))-15")
      }
      try crowd.take(events.log.shuffled(using: &generator))
    }
  }
}

/// A pipeline and the log that it was given.
private struct Crowd {
  private let pipeline: Pipeline
  private let model: ReferenceModel
  private var log: [LoggedEvent] = []

  init(catalog: Data) throws {
    pipeline = Pipeline(catalog: try Catalog(json: catalog), sources: 2)
    model = ReferenceModel(catalog: try ModelCatalog(json: catalog))
  }

  /// Takes in more events, restarts every state, and compares.
  mutating func take(_ more: [LoggedEvent]) throws {
    log += more
    #expect(pipeline.take(more) == [:])
    pipeline.drain()
    for number in 0...1 { pipeline.restartSource(number) }
    pipeline.restartRanking(0)
    try #require(pipeline.published.differences(from: model.publication(of: log)) == [])
    #expect(pipeline.complaints == [])
  }
}
