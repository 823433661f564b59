import Contract
import EventLog
import Foundation
import SQLiteLog
import SnapshotView

/// A log in a file of its own, to publish into.
final class ResultLog {
  let path: String
  private let log: SQLiteLog
  private var writers: [Generation: any LogWriter] = [:]
  private var logs: [SQLiteLog] = []

  private let removesFile: Bool

  /// A file that is given stays.
  init(path: String? = nil) throws {
    self.path = path ?? Self.newPath()
    removesFile = path == nil
    log = try SQLiteLog(path: self.path)
    try log.createTopics(partitions: 3)
    writers[.first] = try log.writer()
  }

  deinit { if removesFile { Self.remove(path) } }

  static func newPath() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).db").path
  }

  static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
  }

  func begin(_ generation: Generation) throws {
    let other = try SQLiteLog(path: path, generation: generation)
    try other.createTopics(Topic.outputs, partitions: 3)
    logs.append(other)
    writers[generation] = try other.writer()
  }

  func serve(_ generation: Generation) throws { try log.serve(generation, computedBy: "app") }

  func publish(_ snapshots: [IndicatorSnapshot], in generation: Generation = .first) throws {
    for snapshot in snapshots { try append(.indicatorSnapshots, snapshot.key, snapshot.protobuf, generation) }
    try writers[generation]?.flush()
  }

  func publish(_ scale: IndicatorScale, in generation: Generation = .first) throws {
    try append(.indicatorScales, scale.key, scale.protobuf, generation)
    try writers[generation]?.flush()
  }

  /// A nil value removes the key.
  func write(_ topic: Topic, _ key: String, _ value: [UInt8]?, in generation: Generation = .first) throws {
    try append(topic, key, value, generation)
    try writers[generation]?.flush()
  }

  private func append(_ topic: Topic, _ key: String, _ value: [UInt8]?, _ generation: Generation) throws {
    try Array(key.utf8).withUnsafeBytes { key in
      try (value ?? []).withUnsafeBytes { bytes in
        try writers[generation]?.append(
          topic, partition: 0, key: key, value: value == nil ? nil : bytes, timestamp: nil)
      }
    }
  }
}

extension IndicatorSnapshot {
  /// With so much revenue, in the second segment.
  init(_ partner: String, _ revenue: Double, cell: Cell = Cell(), month: String = "2026-11") {
    self.init()
    (partnerID, self.cell, self.month) = (partner, cell, month)
    for kind in IndicatorKind.allCases { self[kind] = Indicator() }
    self[.netNewRevenue] = Indicator(value: revenue, previous: 1, trend: .up, bar: 2)
    components = Components()
    components?[.billedMicros] = Int64(revenue * 1_000_000)
    asOf = Timestamp(seconds: 1_700_000_000, nanos: 500_000_000)
  }
}
