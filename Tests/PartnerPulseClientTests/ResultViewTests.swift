import Contract
import Foundation
import PartnerPulseClient
import Testing

@Suite struct ResultViewTests {
  private static let cell = Cell(product: "p", workload: "w", country: "FR")

  /// Takes changes in until a generation is complete so many times.
  private func view(of log: ResultLog, after completions: Int = 1) async throws -> ResultView {
    var (view, left) = (ResultView(), completions)
    for try await change in ResultChanges(of: .sqlite(log.path)) {
      view.apply(change)
      if case .complete = change { left -= 1 }
      if left == 0 { break }
    }
    return view
  }

  @Test func answersByPartnerCellAndMonth() async throws {
    let log = try ResultLog()
    try log.publish([
      IndicatorSnapshot("b", 2), IndicatorSnapshot("a", 1), IndicatorSnapshot("a", 3, cell: Self.cell),
      IndicatorSnapshot("a", 4, month: "2026-10"),
    ])
    var scale = IndicatorScale()
    (scale.cell, scale.month) = (Self.cell, "2026-11")
    var revenue = IndicatorScale.Scale()
    (revenue.indicator, revenue.partners) = ("net_new_revenue", 2)
    revenue.bars = [
      IndicatorScale.Bar(bar: 1, partners: 2, min: 1, max: 3),
      IndicatorScale.Bar(bar: 2, partners: 0, min: nil, max: nil),
    ]
    scale.scales = [revenue]
    try log.publish(scale)
    let view = try await view(of: log)
    let cell = ResultCell(product: "p", workload: "w", country: "FR")
    #expect(view.count == 4)
    #expect(view.generation == 1)
    #expect(view.partners(month: "2026-11") == ["a", "b"])
    #expect(view.snapshots(month: "2026-11").map { $0[.netNewRevenue]?.value } == [1, 2])
    #expect(view.snapshots(of: "a").map(\.month) == ["2026-10", "2026-11", "2026-11"])
    #expect(view.snapshots(of: "a", month: "2026-11").map(\.cell) == [.all, cell])
    #expect(view.cells(of: "a", month: "2026-11") == [.all, cell])
    #expect(view.months(in: cell) == ["2026-11"])
    #expect(view.snapshot(of: "b", in: cell, month: "2026-11") == nil)
    let ranges = try #require(view.ranges(in: cell, month: "2026-11")?[.netNewRevenue])
    #expect(ranges.partners == 2)
    #expect(ranges.bars.map(\.range) == [1...3, nil])
    #expect(view.ranges(month: "2026-11") == nil)

    let snapshot = try #require(view.snapshot(of: "a", in: cell, month: "2026-11"))
    #expect(snapshot.key == SnapshotName(partner: "a", cell: cell, month: "2026-11"))
    #expect(snapshot[.netNewRevenue]?.bar == 2)
    #expect(snapshot[.netNewRevenue]?.trend == .up)
    #expect(snapshot[.mauPerAssignedSeat]?.value == nil)
    #expect(snapshot[.billedMicros] == 3_000_000)
    #expect(snapshot.newestEvent == Date(timeIntervalSince1970: 1_700_000_000.5))
  }

  /// Until the next generation is complete, answers come from the one before.
  @Test func noAnswerMixesTwoGenerations() throws {
    var view = ResultView()
    func snapshot(_ partner: String, _ revenue: Double) -> ResultChange {
      .snapshot(PartnerSnapshot(IndicatorSnapshot(partner, revenue)))
    }
    func revenues() -> [Double?] { view.snapshots(month: "2026-11").map { $0[.netNewRevenue]?.value } }
    view.apply(.began(generation: 1))
    view.apply(snapshot("a", 1))
    #expect(view.generation == nil)
    #expect(revenues() == [])
    view.apply(.complete)
    view.apply(snapshot("b", 2))
    #expect(revenues() == [1, 2])
    view.apply(.began(generation: 2))
    view.apply(snapshot("a", 5))
    #expect(revenues() == [1, 2])
    #expect(view.generation == 1)
    view.apply(.complete)
    #expect(revenues() == [5])
    #expect(view.generation == 2)
    view.apply(.removedSnapshot(SnapshotName(partner: "a", cell: .all, month: "2026-11")))
    #expect(view.count == 0)
  }

  /// The public names are the schema's.
  @Test func namesAreComplete() {
    #expect(IndicatorName.allCases.map(\.rawValue) == IndicatorKind.allCases.map { "\($0.definition.name)" })
    #expect(ComponentName.allCases.map(\.rawValue) == Component.allCases.map(\.name))
  }
}
