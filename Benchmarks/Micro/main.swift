import Contract
import Foundation
import Indicators

// Micro-benchmarks of the hot paths: `swift run -c release micro-benchmarks [NAME…]`.
// Under `valgrind --tool=callgrind` the same runs give instruction counts, see docs/PERFORMANCE.md.

let names = CommandLine.arguments.dropFirst()
for benchmark in Benchmark.all where names.isEmpty || names.contains(benchmark.name) {
  benchmark.run()
}
