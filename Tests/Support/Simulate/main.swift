import Foundation
import Simulator

let usage = """
  usage: simulate [--seeds N] [--seed S] [--planted [NAME]]
    Runs the whole program in simulation: N seeds from S on (default: 1000 from 1).
    With --seed alone: that one, with what the program reports; if it fails, it is shrunk.
    --planted        how many seeds it takes to find each planted bug
    --planted NAME   with that bug
  """

struct Arguments {
  var seeds: UInt64?
  var seed: UInt64?
  var bug: PlantedBug?
  var listsPlanted = false

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      switch name {
      case "--seeds":
        guard let value = rest.popFirst().flatMap({ UInt64($0) }), value > 0 else { return nil }
        seeds = value
      case "--seed":
        guard let value = rest.popFirst().flatMap({ UInt64($0) }) else { return nil }
        seed = value
      case "--planted":
        guard let value = rest.first, !value.hasPrefix("--") else {
          listsPlanted = true
          continue
        }
        guard let named = PlantedBug.named(value) else { return nil }
        bug = named
        rest.removeFirst()
      default: return nil
      }
    }
  }
}

func listPlanted() -> Int32 {
  var areAllFound = true
  for bug in PlantedBug.all {
    let found = bug.findFirst()
    areAllFound = areAllFound && found != nil
    let name = bug.name.padding(toLength: 32, withPad: " ", startingAt: 0)
    print("\(name) \(found.map { "found by seed \($0.seed)" } ?? "NOT FOUND") of \(bug.seeds): \(bug.rule)")
    if found?.seed != bug.knownSeed {
      print("  PlantedBug+KnownSeeds.swift has \(bug.knownSeed.map(String.init) ?? "none")")
    }
  }
  return areAllFound ? 0 : 1
}

func replay(_ seed: UInt64, _ bug: PlantedBug?) -> Int32 {
  let planted = bug?.planted ?? .nothing
  let scenario = Scenario(seed: seed)
  let outcome = scenario.run(planted) { print($0) }
  print("seed \(seed): \(outcome.seen) records seen, trace \(String(outcome.traceHash, radix: 16))")
  guard let failure = outcome.failure else { return 0 }
  print("FAILED: \(failure)\nshrinking…")
  let smallest = scenario.shrunk(planted)
  print("\(smallest)\nFAILED: \(smallest.run(planted).failure ?? "")")
  return 1
}

func runAll(_ seeds: ClosedRange<UInt64>, _ bug: PlantedBug?) -> Int32 {
  let start = Date()
  let result = Campaign { print($0) }.run(seeds, bug)
  let seconds = Date().timeIntervalSince(start)
  print(
    "\(result.runs) seeds from \(seeds.lowerBound) on, \(result.failing.count) failed; \(result.seen) records seen, "
      + "\(result.refused) refusals for missing history; trace \(String(result.traceHash, radix: 16)); "
      + String(format: "%.0f s, %.0f seeds/s", seconds, Double(result.runs) / seconds))
  return result.failing.isEmpty ? 0 : 1
}

let given = Array(CommandLine.arguments.dropFirst())
if given.contains("--help") || given.contains("-h") {
  print(usage)
  exit(0)
}
guard let arguments = Arguments(given) else {
  FileHandle.standardError.write(Data((usage + "\n").utf8))
  exit(2)
}
if arguments.listsPlanted { exit(listPlanted()) }
if let seed = arguments.seed, arguments.seeds == nil { exit(replay(seed, arguments.bug)) }
let first = arguments.seed ?? 1
exit(runAll(first...(first + (arguments.seeds ?? 1000) - 1), arguments.bug))
