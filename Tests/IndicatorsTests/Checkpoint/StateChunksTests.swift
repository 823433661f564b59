import Contract
import Foundation
import Indicators
import Randomness
import ReferenceModel
import Testing

/// A checkpoint that is taken while events come in, with what came since its beginning, is the state.
@Suite("Chunks of a state that goes on") struct StateChunksTests {
  /// The seed of the first set; PARTNERPULSE_PROPERTY_SEED says another one.
  private static let firstSeed =
    ProcessInfo.processInfo.environment["PARTNERPULSE_PROPERTY_SEED"].flatMap { UInt64($0) } ?? 1

  private func apply(_ events: some Sequence<LoggedEvent>, to state: EntityState) {
    for event in events { withRecords([event]) { state.apply($0) { _, _ in } } }
  }

  private func restored(_ chunks: [[UInt8]], _ catalog: Catalog) throws -> EntityState {
    try EntityState(catalog: catalog, placement: Placement(0, of: 1), chunks: chunks)
  }

  @Test("give the same state, however events fall between them", arguments: 0..<8)
  func entityState(shard: UInt64) throws {
    let catalog = try Catalog(json: testCatalog)
    var taken = 0
    for number in 0..<150 as Range<UInt64> {
      let seed = Self.firstSeed + 8 * number + shard
      var random = SplitMix64(seed: seed)
      var events = RandomEvents(seed: seed)
      let log = events.set() + events.set() + events.set()
      let state = EntityState(catalog: catalog, placement: Placement(0, of: 1))
      var begun = random.below(log.count)
      apply(log[..<begun], to: state)
      var (chunks, all) = (state.chunks(), [[UInt8]]())
      var next = begun
      taking: while true {
        switch chunks.next(bytes: random.pick([1, 40, 400])) {
        case .chunk(let chunk): all.append(chunk)
        case .end: break taking
        case .stale: (begun, chunks, all) = (next, state.chunks(), [])
        }
        let count = min(random.pick([0, 1, 5]), log.count - next)
        apply(log[next..<next + count], to: state)
        next += count
      }
      let copy = try restored(all, catalog)
      taken += next - begun
      // What came since the first chunk, in any case.
      apply(log[begun...], to: copy)
      apply(log[next...], to: state)
      // All but the header, which counts expired events: of one that comes twice, perhaps once only.
      let (found, wanted) = (copy.chunks().all().dropLast(), state.chunks().all().dropLast())
      #expect(found == wanted && copy.clock.newest == state.clock.newest, "seed \(seed)")
    }
    #expect(taken > 1_000)
  }
}
