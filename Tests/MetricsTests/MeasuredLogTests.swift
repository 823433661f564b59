import Contract
import EventLog
import Foundation
import Metrics
import SQLiteLog
import Testing

@Suite struct MeasuredLogTests {
  @Test func measuresCommitsAndRebalances() throws {
    let path = NSTemporaryDirectory() + "measured-\(UUID().uuidString).db"
    let log = try SQLiteLog(path: path)
    try log.createTopics(partitions: 2)
    let metrics = GroupMetrics()
    let group = GroupSpec(name: "g", topics: [.partners])
    let member = try MeasuredLog(log, metrics).join(group, as: MemberIdentity(transactionalID: "t"))
    let writer = try log.writer()
    try Array("key".utf8).withUnsafeBytes {
      try writer.append(.partners, partition: 0, key: $0, value: $0, timestamp: 0)
    }
    try writer.flush()
    let listener = Listener()
    while listener.received == 0 { try member.poll(timeout: 20, listener) }
    var outputs = OutputBatch()
    outputs.appendTombstone(.indicatorScales, partition: 0, key: Array("k".utf8))
    guard case .committed = member.commit(outputs, positions: [TopicPartition(.partners, 0): 1]) else {
      Issue.record("the commit failed")
      return
    }
    let lag = LagMetrics(log, [group])
    try lag.query()
    var text = MetricsText()
    metrics.write(to: &text)
    lag.write(to: &text)
    #expect(text.text.contains("commits_total{group=\"g\",outcome=\"committed\"} 1\n"))
    #expect(text.text.contains("written_records_total{group=\"g\"} 1\n"))
    #expect(text.text.contains("tasks{group=\"g\"} 2\n"))
    #expect(text.text.contains("commit_seconds_count{group=\"g\"} 1\n"))
    // The record is of 1970.
    #expect(text.text.contains("record_to_commit_seconds_bucket{group=\"g\",le=\"60\"} 0\n"))
    #expect(text.text.contains("record_to_commit_seconds_bucket{group=\"g\",le=\"+Inf\"} 1\n"))
    #expect(text.text.contains("lag_records{group=\"g\",topic=\"partners\",partition=\"0\"} 0\n"))
    member.close(listener)
    text = MetricsText()
    metrics.write(to: &text)
    #expect(text.text.contains("tasks{group=\"g\"} 0\n"))
  }

  private final class Listener: GroupListener {
    var received = 0

    func assigned(_ tasks: [Int32]) -> Positions {
      Dictionary(uniqueKeysWithValues: tasks.map { (TopicPartition(.partners, $0), 0) })
    }
    func revoked(_ tasks: [Int32]) {}
    func lost(_ tasks: [Int32]) {}
    func received(_ records: UnsafeBufferPointer<Record>) { received += records.count }
    func reachedEnd(of partition: TopicPartition, at offset: Int64) {}
  }
}
