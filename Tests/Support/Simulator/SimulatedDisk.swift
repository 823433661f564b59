import Randomness
import SimulatedLog
import Topology

/// Where one process keeps its checkpoints; it outlives the process.
final class SimulatedDisk {
  /// By name; the newest version last.
  private(set) var files: [String: [[UInt8]]] = [:]
  var isFullUntil: Int64 = .min
  /// The planted bug: damage goes unnoticed, since every checksum is made to fit.
  let ignoresChecksums: Bool

  init(ignoresChecksums: Bool) { self.ignoresChecksums = ignoresChecksums }

  func write(_ bytes: [UInt8], as name: String) { files[name, default: []].append(bytes) }

  func damage(_ fault: DiskFault, now: Int64, seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    if fault == .full {
      isFullUntil = now + 500 + Int64(chance.below(5_000))
      return
    }
    let names = files.keys.sorted()
    guard !names.isEmpty else { return }
    let name = names[chance.below(names.count)]
    switch fault {
    case .torn: tear(name, &chance)
    case .lost: files[name] = nil
    case .reverted: if let versions = files[name], versions.count > 1 { files[name]?.removeLast() }
    case .full: break
    }
  }

  private func tear(_ name: String, _ chance: inout SplitMix64) {
    guard var bytes = files[name]?.popLast(), !bytes.isEmpty else { return }
    if chance.percent(30) {
      bytes.removeLast(1 + chance.below(bytes.count))
    } else {
      for _ in 0...chance.below(4) { bytes[chance.below(bytes.count)] ^= UInt8(1 + chance.below(255)) }
    }
    files[name, default: []].append(bytes)
  }
}

/// The disk as the process on one host sees it.
final class DiskClient: CheckpointStore, @unchecked Sendable {  // Owned by the one thread of its simulation.
  private let disk: SimulatedDisk
  private let host: Host
  private let clock: VirtualClock

  struct Failure: Error {}

  init(_ disk: SimulatedDisk, _ host: Host, _ clock: VirtualClock) {
    self.disk = disk
    self.host = host
    self.clock = clock
  }

  func read(_ name: String) throws -> [UInt8]? {
    guard host.call() else { throw Failure() }
    guard var bytes = disk.files[name]?.last else { return nil }
    if disk.ignoresChecksums, bytes.count > 16 {
      let sum = bytes.dropLast(8).withUnsafeBytes { CheckpointFormat.checksum($0) }
      withUnsafeBytes(of: sum.littleEndian) { bytes.replaceSubrange((bytes.count - 8)..., with: $0) }
    }
    return bytes
  }

  func write(_ bytes: [UInt8], as name: String) throws {
    guard !host.isDead, clock.now >= disk.isFullUntil else { throw Failure() }
    // A host that dies now leaves the old one or the new one.
    if host.call() || host.chance.percent(50) { disk.write(bytes, as: name) }
  }
}
