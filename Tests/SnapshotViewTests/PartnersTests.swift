import Contract
import Randomness
import SnapshotView
import Testing

@Suite struct PartnersTests {
  @Test func aValueIsReadAlone() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    var view = SnapshotView()
    var snapshots: [String: IndicatorSnapshot] = [:]
    for number in 0..<200 {
      var snapshot = IndicatorSnapshot("p-\(number)")
      snapshot.fill(&random)
      snapshots[snapshot.partnerID] = snapshot
      view.apply(.snapshot(snapshot))
    }
    let places = view.partnerPlaces(of: Cell(), month: "2026-11")
    #expect(Set(places.map(\.id)) == Set(snapshots.keys))
    for partner in places {
      for kind in IndicatorKind.allCases {
        let wanted = snapshots[partner.id]?[kind]?.value
        #expect(
          view.value(of: kind, at: partner.place)?.bitPattern == wanted?.bitPattern, "\(kind), seed \(seed)")
      }
      #expect(view.snapshot(of: partner.place).partnerID == partner.id)
    }
    #expect(view.partnerPlaces(of: Cell(country: "FR"), month: "2026-11").isEmpty)
    #expect(view.partnerPlaces(of: Cell(), month: "2026-10").isEmpty)
  }

  @Test func onlyThoseThatAreWantedAreListed() {
    var view = SnapshotView()
    for id in ["zoe", "ann", "bob"] { view.apply(.snapshot(IndicatorSnapshot(id))) }
    #expect(view.partners(of: Cell(), month: "2026-11") { $0 != "bob" } == ["ann", "zoe"])
    #expect(view.hasPartner("bob") && !view.hasPartner("bo"))
  }

  @Test func theCellsOfAMonthAreThoseWithAScale() {
    var view = SnapshotView()
    view.apply(.scale(IndicatorScale(Cell(country: "FR"), "2026-11")))
    view.apply(.scale(IndicatorScale(Cell(), "2026-11")))
    view.apply(.scale(IndicatorScale(Cell(product: "x"), "2026-10")))
    #expect(view.cells(inMonth: "2026-11") == [Cell(), Cell(country: "FR")])
    #expect(view.cells(inMonth: "2026-09").isEmpty)
  }

  @Test func theNewestEventIsThatOfAnySnapshot() {
    var view = SnapshotView()
    #expect(view.newestEvent == nil)
    for seconds in [Int64(5), 9, 7] {
      var snapshot = IndicatorSnapshot("p-\(seconds)")
      snapshot.asOf = Timestamp(seconds: seconds)
      view.apply(.snapshot(snapshot))
    }
    #expect(view.newestEvent == Timestamp(seconds: 9))
  }
}
