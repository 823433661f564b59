import Contract
import Randomness
import SnapshotView
import Testing

@Suite struct SnapshotViewTests {
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func anySnapshotReadsBackAsItWas(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var view = SnapshotView()
    var all: [IndicatorSnapshot] = []
    for index in 0..<200 {
      var snapshot = IndicatorSnapshot("p\(index)", Cell(product: "x", workload: "y", country: "FR"))
      snapshot.fill(&random)
      view.apply(.snapshot(snapshot))
      all.append(snapshot)
    }
    for snapshot in all {
      let found = view.snapshot(of: snapshot.viewKey)
      #expect(found == snapshot)
      // Equality takes the two zeros for one, the bytes do not.
      #expect(found?.protobuf == snapshot.protobuf)
    }
  }

  /// Against a dictionary, with enough changes for the memory of what is gone to be given back many times.
  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func holdsTheNewestOfEachKey(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var view = SnapshotView()
    var model: [String: IndicatorSnapshot] = [:]
    for _ in 0..<150_000 {
      var snapshot = IndicatorSnapshot(
        "partner-\(Int.random(in: 0..<300, using: &random))",
        Cell(country: ["", "FR", "US"].randomElement(using: &random) ?? ""),
        "2026-0\(Int.random(in: 1...9, using: &random))")
      if Int.random(in: 0..<3, using: &random) == 0 {
        view.apply(.removedSnapshot(snapshot.viewKey))
        model[snapshot.key] = nil
      } else {
        snapshot.fill(&random)
        view.apply(.snapshot(snapshot))
        model[snapshot.key] = snapshot
      }
    }
    #expect(view.snapshotCount == model.count)
    var listed: [String: IndicatorSnapshot] = [:]
    view.forEachSnapshot(ResultFilter()) { listed[$0.key] = $0 }
    #expect(listed == model)
    #expect(model.values.allSatisfy { view.snapshot(of: $0.viewKey) == $0 })
  }

  @Test func scalesAreReplacedAndRemoved() {
    var view = SnapshotView()
    let cell = Cell(product: "a")
    view.apply(.scale(IndicatorScale(cell, "2026-01")))
    view.apply(.scale(IndicatorScale(cell, "2026-01", partners: 5)))
    view.apply(.scale(IndicatorScale(cell, "2025-12", partners: 7)))
    #expect(
      view.scale(of: ScaleKey(cell: cell, month: "2026-01")) == IndicatorScale(cell, "2026-01", partners: 5))
    #expect(view.months(of: cell) == ["2025-12", "2026-01"])
    view.apply(.removedScale(ScaleKey(cell: cell, month: "2026-01")))
    #expect(view.scale(of: ScaleKey(cell: cell, month: "2026-01")) == nil)
    #expect(view.months(of: cell) == ["2025-12"])
    #expect(view.scaleCount == 1)
    #expect(view.months(of: Cell()) == [])
  }

  /// As a joined key, "a|b…" would come before "a", and "a b" before "a|".
  @Test func listsInTheOrderOfBytesFieldByField() {
    let partners = ["A", "a", "a b", "a-b", "a|b", "a~", "b", "e\u{301}", "z", "é", "ﬀ", "😀"]
    let cells = [
      Cell(), Cell(country: "FR"), Cell(product: "p"), Cell(product: "p", country: "FR"),
      Cell(product: "p", workload: "w"), Cell(product: "p-1"),
      Cell(product: "p-1", workload: "v", country: "BE"),
    ]
    let months = ["2025-12", "2026-01"]
    var keys: [String] = []
    for partner in partners {
      for cell in cells { keys += months.map { IndicatorSnapshot(partner, cell, $0).key } }
    }
    var random = SplitMix64(seed: 5)
    var view = SnapshotView()
    for partner in partners.shuffled(using: &random) {
      for cell in cells.shuffled(using: &random) {
        for month in months.reversed() {
          view.apply(.snapshot(IndicatorSnapshot(partner, cell, month)))
          view.apply(.scale(IndicatorScale(cell, month)))
        }
      }
    }
    var listed: [String] = []
    view.forEachSnapshot(ResultFilter()) { listed.append($0.key) }
    #expect(listed.map { Array($0.utf8) } == keys.map { Array($0.utf8) })
    var scales: [String] = []
    view.forEachScale(ResultFilter()) { scales.append($0.key) }
    #expect(scales == cells.flatMap { cell in months.map { IndicatorScale.key(cell: cell, month: $0) } })
  }

  @Test func identifiersAreToldApartByTheirBytes() {
    var view = SnapshotView()
    // The same letter, composed and not.
    for partner in ["é", "e\u{301}"] { view.apply(.snapshot(IndicatorSnapshot(partner))) }
    #expect(view.snapshotCount == 2)
    var filter = ResultFilter()
    filter.partnerID = "é"
    var listed: [[UInt8]] = []
    view.forEachSnapshot(filter) { listed.append(Array($0.partnerID.utf8)) }
    #expect(listed == [Array("é".utf8)])
  }

  @Test func aFilterSaysWhatAFieldMustBe() {
    var view = SnapshotView()
    let cells = [
      Cell(), Cell(country: "FR"), Cell(product: "p"), Cell(product: "p", workload: "w", country: "FR"),
    ]
    for partner in ["a", "b"] {
      for cell in cells {
        for month in ["2026-01", "2026-02"] {
          view.apply(.snapshot(IndicatorSnapshot(partner, cell, month)))
          view.apply(.scale(IndicatorScale(cell, month)))
        }
      }
    }
    func counts(_ set: (inout ResultFilter) -> Void) -> [Int] {
      var filter = ResultFilter()
      set(&filter)
      var (snapshots, scales) = (0, 0)
      view.forEachSnapshot(filter) { _ in snapshots += 1 }
      view.forEachScale(filter) { _ in scales += 1 }
      return [snapshots, scales]
    }
    #expect(counts { _ in } == [16, 8])
    #expect(counts { $0.partnerID = "a" } == [8, 0])
    #expect(counts { $0.month = "2026-02" } == [8, 4])
    #expect(counts { $0.product = "" } == [8, 4])
    #expect(counts { $0.country = "FR" } == [8, 4])
    #expect(counts { ($0.product, $0.workload) = ("p", "") } == [4, 2])
    #expect(counts { $0.partnerID = "nobody" } == [0, 0])
    #expect(counts { $0.month = "1999-01" } == [0, 0])
  }
}
