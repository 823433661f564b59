import Contract
import Indicators
import Randomness
import Topology

/// Records of the nine input topics, through both stages.
struct EntityTarget: FuzzTarget {
  static let name = "events"
  private let catalog: Catalog

  init() throws { catalog = try SeedEvents.catalog() }

  func run(_ input: UnsafeRawBufferPointer) {
    let frames = Frame.read(Array(input))
    guard !frames.isEmpty else { return }
    let once = Pipeline(catalog: catalog, after: frames)
    let live = Pipeline(catalog: catalog)
    applyInCommits(frames, to: live, refusedBefore: once.refused)
    // How events were spread over commits makes no difference.
    Self.expectSame(once.result, live.result, "one commit")
    checkRepeated(frames, live)
  }

  /// A refused event is in rejected-events and changes no state.
  private func applyInCommits(_ frames: [Frame], to live: Pipeline, refusedBefore refused: Set<Int>) {
    // Of a run of refused events alone: to encode after every event takes long.
    var before: [[UInt8]]?
    for (offset, frame) in frames.enumerated() {
      let wasRefused = refused.contains(offset)
      if !wasRefused { before = nil } else if before == nil { before = live.entity.chunks().all() }
      let isRefused = live.apply(frame, offset: offset)
      expect(isRefused == wasRefused, "event \(offset) is refused or not as commits fall")
      if isRefused { expect(live.entity.chunks().all() == before, "a refused event has changed the state") }
      if frame.endsCommit { live.drain() }
    }
    live.drain()
    let rejected = live.written.count { $0.topic == .rejectedEvents }
    expect(rejected == refused.count, "\(refused.count) events refused, \(rejected) in rejected-events")
  }

  /// Neither a restart makes a difference nor that everything comes once more.
  private func checkRepeated(_ frames: [Frame], _ live: Pipeline) {
    let result = live.result
    live.restart()
    for (offset, frame) in frames.enumerated() { live.apply(frame, offset: offset) }
    live.drain()
    Self.expectSame(live.result, result, "a restart and everything again")
  }

  private static func expectSame(_ a: CompactedOutputs, _ b: CompactedOutputs, _ what: String) {
    let differences = a.differences(from: b)
    expect(differences.isEmpty, "\(what) gives another result: \(differences)")
  }

  func mutate(_ input: [UInt8], _ room: Int, _ random: inout SplitMix64) -> [UInt8]? {
    FrameMutator(words: SeedEvents.words).mutate(input, room, &random)
  }

  static func seeds() throws -> [[UInt8]] { SeedEvents.sets(60).map(Frame.write) }
}
