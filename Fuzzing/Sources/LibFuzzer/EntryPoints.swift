import Foundation
import Randomness

// What libFuzzer calls, on one thread.

private nonisolated(unsafe) var target: any FuzzTarget = NothingToFuzz()

/// Chooses the target by PARTNERPULSE_FUZZ_TARGET. With PARTNERPULSE_FUZZ_SEEDS writes the target's seeds to that
/// directory and ends.
@_cdecl("LLVMFuzzerInitialize")
public func fuzzerInitialize(
  _: UnsafeMutablePointer<CInt>?,
  _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
  let environment = ProcessInfo.processInfo.environment
  let name = environment["PARTNERPULSE_FUZZ_TARGET"] ?? ""
  guard let chosen = allTargets.first(where: { $0.name == name }) else {
    print("set PARTNERPULSE_FUZZ_TARGET to one of:", allTargets.map(\.name).joined(separator: " "))
    exit(2)
  }
  ByteMutation.ofLibrary = mutateBytes
  do {
    if let directory = environment["PARTNERPULSE_FUZZ_SEEDS"] {
      for (number, seed) in try chosen.seeds().enumerated() {
        try Data(seed).write(to: URL(fileURLWithPath: "\(directory)/seed-\(number)"))
      }
      exit(0)
    }
    target = try chosen.make()
  } catch {
    print("\(name): \(error)")
    exit(2)
  }
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzerTestOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.run(UnsafeRawBufferPointer(start: start, count: count))
  return 0
}

@_cdecl("LLVMFuzzerCustomMutator")
public func fuzzerCustomMutator(
  _ start: UnsafeMutablePointer<UInt8>?, _ count: Int, _ room: Int, _ seed: CUnsignedInt
) -> Int {
  guard let start else { return 0 }
  let memory = UnsafeMutableBufferPointer(start: start, count: room)
  var random = SplitMix64(seed: UInt64(seed))
  if let mutated = target.mutate(Array(memory[..<count]), room, &random) {
    _ = memory.update(fromContentsOf: mutated.prefix(room))
    return min(room, mutated.count)
  }
  return mutateBytes(start, count, room)
}

/// libFuzzer's own mutations: bytes, numbers, words of the dictionary. Returns the new size.
@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int) -> Int

/// Stands in until a target is chosen.
private struct NothingToFuzz: FuzzTarget {
  static let name = ""
  static func seeds() -> [[UInt8]] { [] }
  func run(_ input: UnsafeRawBufferPointer) {}
}
