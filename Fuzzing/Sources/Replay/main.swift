import Foundation

// Runs a fuzz target on inputs that are there, without libFuzzer: replay-inputs TARGET [DIRECTORY…]

let arguments = CommandLine.arguments.dropFirst()
guard let choice = allTargets.first(where: { $0.name == arguments.first }) else {
  print(
    "usage: replay-inputs TARGET [DIRECTORY…], where TARGET is one of",
    allTargets.map(\.name).joined(separator: " "))
  exit(2)
}
let paths = try arguments.dropFirst().flatMap { directory in
  try FileManager.default.contentsOfDirectory(atPath: directory).sorted().map { "\(directory)/\($0)" }
}
let target = try choice.make()
// Those that the target makes, then those that were found.
var inputs = try choice.seeds().enumerated().map { (name: "seed \($0.offset)", bytes: $0.element) }
inputs += try paths.map { (name: $0, bytes: Array(try Data(contentsOf: URL(fileURLWithPath: $0)))) }
for input in inputs {
  // To standard error, so that the last line names the input that traps.
  FileHandle.standardError.write(Data("\(input.name)\n".utf8))
  input.bytes.withUnsafeBytes(target.run)
}
print("\(choice.name): \(inputs.count) inputs")
