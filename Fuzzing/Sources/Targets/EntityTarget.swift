import Contract
import Indicators
import Randomness

/// Records of the nine input topics, through both stages.
struct EntityTarget: FuzzTarget {
  static let name = "events"
  private let catalog: Catalog

  init() throws { catalog = try SeedEvents.catalog() }

  func run(_ input: UnsafeRawBufferPointer) {
    let frames = Frame.read(Array(input))
    guard !frames.isEmpty else { return }
    let live = Pipeline(catalog: catalog)
    var before = live.entity.encode()
    for (offset, frame) in frames.enumerated() {
      let isRefused = live.apply(frame, offset: offset)
      let after = live.entity.encode()
      if isRefused { expect(after == before, "a refused event has changed the state") }
      before = after
      if frame.endsCommit { live.drain() }
    }
    live.drain()
    let rejected = live.written.count { $0.topic == .rejectedEvents }
    expect(rejected == live.refused, "\(live.refused) events refused, \(rejected) in rejected-events")
    checkOneCommit(frames, live)
    checkRepeated(frames, live)
  }

  /// How events were spread over commits makes no difference.
  private func checkOneCommit(_ frames: [Frame], _ live: Pipeline) {
    let once = Pipeline(catalog: catalog)
    for (offset, frame) in frames.enumerated() { once.apply(frame, offset: offset) }
    once.drain()
    Self.expectEqual(once.state, live.state, "one commit")
  }

  /// Neither does a restart, nor that everything comes once more.
  private func checkRepeated(_ frames: [Frame], _ live: Pipeline) {
    let result = live.state
    live.restart()
    for (offset, frame) in frames.enumerated() { live.apply(frame, offset: offset) }
    live.drain()
    Self.expectEqual(live.state, result, "a restart and everything again")
  }

  private static func expectEqual(_ a: [String: [UInt8]], _ b: [String: [UInt8]], _ what: String) {
    let differing = Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted()
    expect(differing.isEmpty, "\(what) gives another result: \(differing)")
  }

  func mutate(_ input: [UInt8], _ room: Int, _ random: inout SplitMix64) -> [UInt8]? {
    FrameMutator(words: SeedEvents.words).mutate(input, room, &random)
  }

  static func seeds() throws -> [[UInt8]] { SeedEvents.sets(60).map(Frame.write) }
}
