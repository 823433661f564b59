import Contract
import EventLog
import Foundation
import SQLiteLog
import SnapshotView
import Testing

@Suite struct SnapshotFollowerTests {
  @Test func followsWhatIsPublished() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).db").path
    defer {
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
    let log = try SQLiteLog(path: path)
    try log.createTopics(partitions: 3)
    let writer = try log.writer()
    func publish(_ topic: Topic, _ key: String, _ value: [UInt8]?) throws {
      try withRecord(topic, key: key, value: value) { record in
        guard let key = record.key else { return }
        try writer.append(topic, partition: 1, key: key, value: record.value, timestamp: nil)
      }
      try writer.flush()
    }
    let (first, second) = (IndicatorSnapshot("a"), IndicatorSnapshot("b"))
    try publish(.indicatorSnapshots, first.key, first.protobuf)
    try publish(.indicatorSnapshots, second.key, second.protobuf)
    try publish(.indicatorSnapshots, "damaged", [0xff])
    let follower = try SnapshotFollower(log)
    while try !follower.poll(timeout: 100) {}
    #expect(follower.view.snapshotCount == 2)
    #expect(follower.damaged == 1)

    try publish(.indicatorSnapshots, first.key, nil)
    try publish(.indicatorScales, "|||2026-11", IndicatorScale(Cell(), "2026-11").protobuf)
    let deadline = ContinuousClock.now + .seconds(20)
    while follower.view.scaleCount == 0, ContinuousClock.now < deadline {
      _ = try follower.poll(timeout: 100)
    }
    #expect(follower.view.scaleCount == 1)
    #expect(follower.view.snapshot(of: first.viewKey) == nil)
    #expect(follower.view.snapshot(of: second.viewKey) == second)
  }
}
