import Contract
import Foundation
import Indicators

// Micro-benchmarks of the hot paths: `swift run -c release micro-benchmarks [--once] [NAME…]`.
// Under callgrind the same runs give instruction counts: scripts/count-instructions.

let arguments = CommandLine.arguments.dropFirst()
let names = arguments.filter { $0 != "--once" }
let isOnce = arguments.contains("--once")
// Under callgrind all is fifty times slower. With fewer actions, those that fill tables cost more each, since tables grow.
let benchmarks = Benchmark.usage(actions: isOnce ? 20_000 : 1_000_000) + Benchmark.ranking
for benchmark in benchmarks where names.isEmpty || names.contains(benchmark.name) {
  benchmark.run(once: isOnce)
}
// Only by name, one a process: memory that others have freed would not be seen to be taken again.
for benchmark in MemoryBenchmark.all where names.contains(benchmark.name) {
  try benchmark.run()
}
for name in StateBytesBenchmark.names where names.contains(name) { try StateBytesBenchmark.run(name) }
