import Randomness

/// One kind of bytes that come from outside, and what must hold whatever they are.
protocol FuzzTarget: SendableMetatype {
  /// Also of its directory in `Corpus`.
  static var name: String { get }

  /// Inputs to start from, which need not be small.
  static func seeds() throws -> [[UInt8]]

  init() throws

  /// Does with the input what the program does, and traps if anything does not hold.
  func run(_ input: UnsafeRawBufferPointer)

  /// The input with a change that keeps its form, or nil for a change by libFuzzer alone.
  func mutate(_ input: [UInt8], _ room: Int, _ random: inout SplitMix64) -> [UInt8]?
}

extension FuzzTarget {
  func mutate(_ input: [UInt8], _ room: Int, _ random: inout SplitMix64) -> [UInt8]? { nil }
}

/// A target that can be chosen by its name.
struct TargetChoice: Sendable {
  let name: String
  let make: @Sendable () throws -> any FuzzTarget
  let seeds: @Sendable () throws -> [[UInt8]]

  init<Target: FuzzTarget>(_: Target.Type) {
    name = Target.name
    make = { try Target() }
    seeds = { try Target.seeds() }
  }
}

let allTargets = [
  TargetChoice(MessageTarget.self), TargetChoice(EntityTarget.self), TargetChoice(PartialTarget.self),
  TargetChoice(ResultTarget.self), TargetChoice(ImportTarget.self), TargetChoice(CatalogTarget.self),
  TargetChoice(EntityCheckpointTarget.self), TargetChoice(RankingCheckpointTarget.self),
  TargetChoice(RequestTarget.self), TargetChoice(ServerTarget.self), TargetChoice(TokenTarget.self),
  TargetChoice(KeyFileTarget.self), TargetChoice(CSVTarget.self),
]

/// Traps, which libFuzzer takes for a crash, if something does not hold.
func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
  if !holds { fatalError(what()) }
}
