import Contract
import Indicators
import ReferenceModel
import Testing

/// Sums of amounts that 63 bits do not hold are told of, and sums that they do hold are exact.
@Suite("Sums that leave 63 bits")
struct SumOutOfRangeTests {
  /// The greatest amount of a line, in millionths, and how many of these 63 bits hold.
  private let greatest: Int64 = 1_000_000_000_000_000
  private let most = 9223

  private func state() throws -> EntityState {
    let state = EntityState(catalog: try Catalog(json: Market.catalog), placement: Placement(0, of: 1))
    apply(to: state) {
      $0.partner()
      $0.subscription(from: "2024-01-01")
    }
    return state
  }

  private func apply(to state: EntityState, _ build: (inout MarketEvents) -> Void) {
    var events = MarketEvents()
    build(&events)
    var rest = events.log[...]
    while let first = rest.first {
      let run = Array(rest.prefix { $0.event.topic == first.event.topic })
      rest.removeFirst(run.count)
      withRecords(run) { state.apply($0) { index, refusal in Issue.record("event \(index) is \(refusal)") } }
    }
  }

  /// The greatest row value of a component over all partials that changed.
  private func greatest(_ component: Component, of state: EntityState) -> [String: Int64] {
    var greatest: [String: Int64] = [:]
    state.drainContributions(source: 0) { partial in
      greatest[partial.partnerID] = max(
        greatest[partial.partnerID] ?? 0, partial.rows.map { $0.values[component] }.max() ?? 0)
    }
    return greatest
  }

  @Test(arguments: [false, true]) func asManyOfTheGreatestLinesAsFitAreSummedExactly(isCredit: Bool) throws {
    let state = try state()
    let amount = isCredit ? -greatest : greatest
    let component = isCredit ? Component.creditedMicros : .billedMicros
    apply(to: state) {
      for line in 0..<most { $0.line("\(line)", micros: amount, at: "2024-01-10") }
    }
    #expect(state.sumOutOfRange == nil)
    #expect(greatest(component, of: state) == ["contoso": Int64(most) * greatest])
    // Each is corrected, moved to another subscription and partner, and back.
    apply(to: state) {
      for line in 0..<most {
        $0.line("\(line)", micros: amount - amount.signum(), at: "2024-01-10", revision: 1)
      }
      for line in 0..<most { $0.line("\(line)", micros: amount, at: "2024-01-10", revision: 2) }
      $0.subscription(partner: "other", from: "2024-01-01", revision: 1)
      $0.customer(country: "FR")
      $0.subscription(from: "2024-01-01", revision: 2)
    }
    #expect(state.sumOutOfRange == nil)
    #expect(greatest(component, of: state) == ["contoso": Int64(most) * greatest, "other": 0])
    apply(to: state) { $0.line("more", micros: amount, at: "2024-01-10") }
    #expect(state.sumOutOfRange == SumOutOfRange(partnerID: "contoso", component: component))
    #expect("\(try #require(state.sumOutOfRange))".contains("\(component.name) of partner \"contoso\""))
  }

  @Test func aSumOfManySubscriptionsIsToldOfWhenItBecomesThePartners() throws {
    let state = try state()
    apply(to: state) {
      for number in 0..<2 {
        $0.subscription("s-\(number)", partner: number == 0 ? "contoso" : "", from: "2024-01-01")
        for line in 0..<most / 2 + 1 {
          $0.line("\(number) \(line)", subscription: "s-\(number)", micros: greatest, at: "2024-01-10")
        }
      }
    }
    #expect(state.sumOutOfRange == nil)
    apply(to: state) { $0.subscription("s-1", from: "2024-01-01", revision: 1) }
    #expect(state.sumOutOfRange == SumOutOfRange(partnerID: "contoso", component: .billedMicros))
  }

  @Test(arguments: [1, 2, 3]) func aSubscriptionOfNobodyMayHaveAnySum(times: Int) throws {
    // Once more than fits, twice, and a sum that looks like one that fits in 64 bits.
    let state = try state()
    let count = [most + 1, 18_447, 2 * 18_447][times - 1]
    apply(to: state) {
      for line in 0..<count { $0.line("\(line)", subscription: "t", micros: -greatest, at: "2024-01-10") }
    }
    #expect(state.sumOutOfRange == nil)
    // All but one are taken back before anybody gets it.
    let restored = try EntityState(
      catalog: state.catalog, placement: Placement(0, of: 1), chunks: state.chunks().all())
    apply(to: restored) {
      for line in 1..<count { $0.line("\(line)", subscription: "t", at: "2024-01-10", revision: 1) }
      $0.subscription("t", partner: "other", from: "2024-01-01")
    }
    #expect(restored.sumOutOfRange == nil)
    #expect(greatest(.creditedMicros, of: restored)["other"] == greatest)
    // Or none is.
    apply(to: state) { $0.subscription("t", partner: "other", from: "2024-01-01") }
    #expect(state.sumOutOfRange == SumOutOfRange(partnerID: "other", component: .creditedMicros))
  }

  @Test func aCheckpointOfSuchAStateIsNotRead() throws {
    let state = try state()
    apply(to: state) {
      for line in 0...most { $0.line("\(line)", micros: greatest, at: "2024-01-10") }
    }
    let chunks = state.chunks().all()
    #expect(throws: DamagedState.self) {
      try EntityState(
        catalog: try Catalog(json: Market.catalog), placement: Placement(0, of: 1), chunks: chunks)
    }
  }
}
