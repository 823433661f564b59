import Randomness
import SimulatedLog
import Topology

/// Where one process keeps its checkpoints; it outlives the process.
final class SimulatedDisk {
  /// By name; the newest version last.
  private(set) var files: [String: [[UInt8]]] = [:]
  var isFullUntil: Int64 = .min
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
    return disk.files[name]?.last
  }

  func begin(_ name: String) throws -> any CheckpointOutput { Output(self, name) }

  private final class Output: CheckpointOutput {
    private let client: DiskClient
    private let name: String
    private var bytes: [UInt8] = []

    init(_ client: DiskClient, _ name: String) {
      self.client = client
      self.name = name
    }

    func append(_ bytes: [UInt8]) throws {
      guard !client.host.isDead, client.clock.now >= client.disk.isFullUntil else { throw Failure() }
      self.bytes += bytes
    }

    func finish() throws {
      guard !client.host.isDead, client.clock.now >= client.disk.isFullUntil else { throw Failure() }
      // A host that dies now leaves the old one or the new one.
      if client.host.call() || client.host.chance.percent(50) { client.disk.write(bytes, as: name) }
    }
  }
}
