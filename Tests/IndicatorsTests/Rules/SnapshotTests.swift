import Contract
import Indicators
import ReferenceModel
import Testing

@Suite("Snapshots, trend, bars: snapshots")
struct SnapshotTests {
  @Test("There is a snapshot where a component is not zero, though every indicator is (SEM-44)")
  func componentNotZero() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      $0.line("a", amount: 5, at: "2024-01-10")
      $0.line("b", amount: -5, at: "2024-01-10")
    }
    let snapshot = try #require(market.snapshot(in: "2024-01"))
    #expect(snapshot[.netNewRevenue] == Indicator(value: 0, previous: 0, trend: .unchanged, bar: 1))
    #expect(snapshot.components?[.billedMicros] == 5_000_000)
  }

  @Test("There is none where all components are zero (SEM-44)")
  func allZero() throws {
    let market = try Market {
      $0.subscription(seats: 0, from: "2024-01-01")
      $0.line(amount: 0, at: "2024-01-10")
    }
    #expect(market.months() == [])
    #expect(market.scales(in: "2024-01") == [])
  }

  @Test("One that ceases to exist is removed, with the scale of a cell that is empty then (SEM-45)")
  func removed() throws {
    let pipeline = try Pipeline(catalog: Catalog(json: Market.catalog))
    var events = MarketEvents()
    events.partner()
    events.subscription(seats: 5, from: "2024-01-10")
    pipeline.take(events.log)
    pipeline.drain()
    #expect(pipeline.published.snapshots.count == 3)
    #expect(pipeline.published.scales.count == 3)

    var later = MarketEvents()
    later.subscription(partner: "", seats: 5, from: "2024-01-10", revision: 1)
    pipeline.take(later.log)
    pipeline.drain()
    #expect(pipeline.published == Publication())
    #expect(pipeline.complaints == [])
  }

  @Test("Those of months that are published no more are removed (SEM-9, SEM-45)")
  func windowMoves() throws {
    let pipeline = try Pipeline(catalog: Catalog(json: Market.catalog))
    var events = MarketEvents()
    events.partner()
    events.affiliation()
    events.pass(at: "2024-01-10")
    pipeline.take(events.log)
    pipeline.drain()
    let months = { Set(pipeline.published.snapshots.values.map(\.month)) }
    #expect(months() == ["2024-01"])

    var later = MarketEvents()
    later.now("2025-12-31")
    later.now("2026-01-01")
    for logged in later.log {
      pipeline.take([logged])
      pipeline.drain()
    }
    #expect(months().count == 24)
    #expect(months().contains("2024-02"))
    #expect(!months().contains("2024-01"))
    #expect(Set(pipeline.published.scales.values.map(\.month)) == months())
  }

  @Test("What changes nothing publishes nothing")
  func nothingNew() throws {
    let market = try Market {
      $0.subscription(from: "2024-01-01")
      $0.subscription(from: "2024-01-01")
      $0.usage(at: "2024-01-10")
      $0.usage(at: "2024-01-11")
      $0.usage(at: "2024-01-12", intentional: false)
    }
    // The pipeline complains of a record that says nothing new.
    #expect(market.months() == ["2024-01"])
  }
}
