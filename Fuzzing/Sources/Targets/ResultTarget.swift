import Contract
import Dashboard
import EventLog
import HTTPServer
import Randomness
import SnapshotView

/// Records of indicator-snapshots and indicator-scales, which the page, the API and the commands read.
struct ResultTarget: FuzzTarget {
  static let name = "results"

  func run(_ input: UnsafeRawBufferPointer) {
    var view = SnapshotView()
    for (offset, frame) in Frame.read(Array(input)).enumerated() {
      let isScale = frame.topic.rawValue % 2 == 0
      let publication = frame.withRecord(isScale ? .indicatorScales : .indicatorSnapshots, offset: offset) {
        (try? Publication($0)) ?? nil
      }
      guard let publication else { continue }
      view.apply(publication)
      check(publication, view)
    }
    checkListing(view)
    checkAnswers(view)
  }

  /// What was put in is found, and what was taken out is not.
  private func check(_ publication: Publication, _ view: SnapshotView) {
    switch publication {
    case .snapshot(let snapshot):
      let key = SnapshotKey(
        partnerID: snapshot.partnerID, cell: snapshot.cell ?? Cell(), month: snapshot.month)
      let found = view.snapshot(of: key)
      expect(found != nil, "a snapshot is missing")
      guard Self.isOfContract(snapshot) else { return }
      expect(Self.result(found) == Self.result(snapshot), "a snapshot changes in the view")
    case .scale(let scale):
      let found = view.scale(of: ScaleKey(cell: scale.cell ?? Cell(), month: scale.month))
      expect(found?.protobuf == scale.protobuf, "a scale changes in the view")
    case .removedSnapshot(let key): expect(view.snapshot(of: key) == nil, "a removed snapshot is there")
    case .removedScale(let key): expect(view.scale(of: key) == nil, "a removed scale is there")
    }
  }

  private static func isOfContract(_ snapshot: IndicatorSnapshot) -> Bool {
    IndicatorKind.allCases.allSatisfy { kind in
      let indicator = snapshot[kind] ?? Indicator()
      return (0...2).contains(indicator.trend.rawValue) && (1...4).contains(indicator.bar ?? 1)
    }
  }

  private static func result(_ snapshot: IndicatorSnapshot?) -> [UInt8] {
    var json = JSONWriter()
    snapshot?.writeResult(to: &json)
    return json.bytes
  }

  /// Everything is listed once, as JSON.
  private func checkListing(_ view: SnapshotView) {
    var count = 0
    view.forEachSnapshot(ResultFilter()) { snapshot in
      count += 1
      Self.expectJSON(Self.result(snapshot))
    }
    expect(count == view.snapshotCount, "snapshots are missing in the list")
    view.forEachScale(ResultFilter()) { scale in
      count += 1
      var json = JSONWriter()
      scale.writeResult(to: &json)
      Self.expectJSON(json.bytes)
    }
    expect(count == view.snapshotCount + view.scaleCount, "scales are missing in the list")
  }

  /// Who asks for it gets it, whatever it holds.
  private func checkAnswers(_ view: SnapshotView) {
    var partners: Set<String> = []
    view.forEachSnapshot(ResultFilter()) { partners.insert($0.partnerID) }
    let site = FuzzSite(view, access: .none).site
    for partner in partners.sorted().prefix(2) where !partner.isEmpty && !partner.utf8.contains(0) {
      let path = "/api/v1/partners/\(Self.encoded(partner))"
      for target in ["\(path)/indicators", "\(path)/indicators.csv", "/?partner=\(Self.encoded(partner))"] {
        let request = Request(method: "GET", target: target, headers: [("Host", "localhost")])
        guard let request else { fatalError("\(target) is malformed") }
        let response = site.respond(to: request)
        expect(response.status == 200, "\(target): \(response.status)")
        guard target.hasSuffix("indicators"), case .bytes(let bytes) = response.body else { continue }
        Self.expectJSON(bytes)
      }
    }
  }

  private static func encoded(_ text: String) -> String {
    text.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  private static func expectJSON(_ bytes: [UInt8]) {
    let isJSON = bytes.withUnsafeBytes { bytes in
      var reader = JSONReader(bytes)
      return (try? reader.value()) != nil && (try? reader.end()) != nil
    }
    expect(isJSON, "no JSON: \(String(decoding: bytes, as: UTF8.self))")
  }

  func mutate(_ input: [UInt8], _ room: Int, _ random: inout SplitMix64) -> [UInt8]? {
    FrameMutator(words: SeedEvents.words).mutate(input, room, &random)
  }

  static func seeds() throws -> [[UInt8]] {
    try SeedEvents.outputs(20).map { outputs in
      let results = outputs.filter { $0.topic == .indicatorSnapshots || $0.topic == .indicatorScales }
      return Frame.write(Array(results.suffix(24)))
    }
  }
}
