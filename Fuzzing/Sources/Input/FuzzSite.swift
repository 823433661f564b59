import Contract
import Dashboard
import HTTPServer
import Metrics
import SnapshotView

/// A site over a made-up result, as `serve` has it.
struct FuzzSite {
  let site: Site
  /// In the id of a partner that no viewer of another one may hear of.
  static let secret = "7f3ac19e"

  init(access: AccessControl) {
    var view = SnapshotView()
    for number in 1...6 {
      for (month, cell) in [("2026-10", Cell()), ("2026-11", Cell()), ("2026-11", Self.cell)] {
        view.apply(.snapshot(Self.snapshot(number, month, cell)))
      }
    }
    view.apply(.scale(Self.scale("2026-10", Cell())))
    view.apply(.scale(Self.scale("2026-11", Cell())))
    self.init(view, access: access)
  }

  /// Of this result.
  init(_ view: SnapshotView, access: AccessControl) {
    let board = PublicationBoard(view)
    let rule = RangeRule()
    site = Site(
      board: board, events: EventHub(board: board), access: access,
      hosts: HostRule(for: ListenAddress(host: "127.0.0.1", port: 8080)), rule: rule,
      requests: RequestMetrics(), metrics: { $0.single("m", .gauge, "M.", 1) })
  }

  /// Whoever has a token of `FuzzIssuer`. `keys` is read now and again later.
  static func withTokens(_ keys: MemoryFile) throws -> FuzzSite {
    keys.write(FuzzIssuer.keySet.utf8)
    var settings = FuzzIssuer.settings
    settings.keys = .file(keys.path)
    return FuzzSite(access: .tokens(try TokenAccess(settings, report: { _ in })))
  }

  private static let cell = Cell(product: "sales", workload: "leads", country: "FR")

  private static func snapshot(_ number: Int, _ month: String, _ cell: Cell) -> IndicatorSnapshot {
    var snapshot = IndicatorSnapshot()
    snapshot.partnerID = number == 6 ? "partner-\(secret)" : "partner-\(number)"
    snapshot.cell = cell
    snapshot.month = month
    snapshot.components = Components()
    for kind in IndicatorKind.allCases {
      snapshot[kind] = Indicator(
        value: Double(number) * 1.5, previous: 0, trend: .up, bar: Int32(number % 4 + 1))
    }
    return snapshot
  }

  private static func scale(_ month: String, _ cell: Cell) -> IndicatorScale {
    var scale = IndicatorScale()
    scale.cell = cell
    scale.month = month
    scale.scales = IndicatorKind.allCases.map { kind in
      var scale = IndicatorScale.Scale()
      (scale.indicator, scale.partners) = (kind.name, 6)
      scale.bars = (1...4).map {
        IndicatorScale.Bar(bar: Int32($0), partners: 2, min: Double($0), max: Double($0) + 0.5)
      }
      return scale
    }
    return scale
  }
}
