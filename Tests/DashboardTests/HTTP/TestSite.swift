import Contract
import Dashboard
import HTTPServer
import Metrics
import SnapshotView

/// A site over a made-up result: partners a to h, the value of each its number.
struct TestSite {
  let board: PublicationBoard
  let site: Site

  init(
    access: AccessControl = .none, partners: Int = 8, explanations: ExplanationService? = nil,
    limits: ClientLimits = ClientLimits(), origins: OriginSettings = OriginSettings(),
    accessLog: AccessLog? = nil, page: PageSettings = PageSettings()
  ) {
    var view = SnapshotView()
    for number in 1...partners {
      view.apply(.snapshot(Self.snapshot(number, of: partners)))
    }
    view.apply(.scale(Self.scale(of: partners)))
    board = PublicationBoard(view)
    let rule = RangeRule()
    site = Site(
      board: board, events: EventHub(board: board), access: access,
      hosts: HostRule(for: ListenAddress(host: "127.0.0.1", port: 8080)), rule: rule, limits: limits,
      origins: origins, accessLog: accessLog, page: page, explanations: explanations,
      requests: RequestMetrics(), metrics: { $0.single("m", .gauge, "M.", 1) })
  }

  static func snapshot(_ number: Int, of partners: Int, value: Double? = nil) -> IndicatorSnapshot {
    var snapshot = IndicatorSnapshot()
    snapshot.partnerID = "partner-\(number)"
    snapshot.cell = Cell()
    snapshot.month = "2026-11"
    snapshot.components = Components()
    for kind in IndicatorKind.allCases {
      snapshot[kind] = Indicator(
        value: value ?? Double(number), previous: 0, trend: .up,
        bar: Int32((number * 4 + partners - 1) / partners))
    }
    return snapshot
  }

  static func scale(of partners: Int) -> IndicatorScale {
    var scale = IndicatorScale()
    scale.cell = Cell()
    scale.month = "2026-11"
    scale.scales = IndicatorKind.allCases.map { kind in
      var scale = IndicatorScale.Scale()
      (scale.indicator, scale.partners) = (kind.name, Int32(partners))
      let share = Double(partners) / 4
      scale.bars = (1...4).map { bar in
        IndicatorScale.Bar(
          bar: Int32(bar), partners: Int32(share), min: share * Double(bar - 1) + 1, max: share * Double(bar))
      }
      return scale
    }
    return scale
  }

  func get(_ target: String, method: String = "GET", headers: [(name: String, value: String)] = []) -> Answer
  {
    let request = Request(
      received: target, method: method, headers: [("Host", "localhost:8080")] + headers)
    return Answer(request.map(site.respond) ?? Response(0))
  }

  struct Answer {
    let response: Response

    init(_ response: Response) { self.response = response }

    var status: Int { response.status }

    var text: String {
      if case .bytes(let bytes) = response.body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }

    func header(_ name: String) -> String? { response.headers.first { $0.name == name }?.value }
  }
}
