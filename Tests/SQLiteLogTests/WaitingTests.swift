import Contract
import EventLog
import Foundation
import SQLiteLog
import Testing

/// A wait that nothing ends lasts a minute, so one that ends in less than half of it was ended by the write.
@Suite struct WaitingTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func secondsUntil(
    _ value: String, on log: SQLiteLog, _ write: @escaping @Sendable () throws -> Void
  ) throws
    -> Double
  {
    let (member, recorder) = try log.member("g", [.customers])
    // The assignment, and the end of the empty partitions.
    try member.poll(timeout: 0, recorder)
    let threads = Threads()
    threads.start {
      Thread.sleep(forTimeInterval: 0.1)
      try write()
    }
    let start = Date()
    try member.poll(timeout: 60_000, recorder)
    let seconds = Date().timeIntervalSince(start)
    #expect(threads.join() == [])
    #expect(recorder.records.map(\.value) == [value])
    return seconds
  }

  @Test func writesOfThisProcessWakeAtOnce() throws {
    var options = SQLiteLog.Options.test
    // So that only the signal can.
    options.watchInterval = 60_000
    let log = try directory.log(options: options)
    #expect(try secondsUntil("a", on: log) { try log.write(.customers, 1, ["a"]) } < 30)
  }

  @Test func writesOfOthersAreSeen() throws {
    let log = try directory.log()
    let other = try SQLiteLog(path: directory.logPath, options: .test)
    #expect(try secondsUntil("a", on: log) { try other.write(.customers, 1, ["a"]) } < 30)
  }

  @Test func aWaitForNothingEndsInTime() throws {
    let log = try directory.log()
    let (member, recorder) = try log.member("g", [.customers])
    try member.poll(timeout: 0, recorder)
    let start = Date()
    try member.poll(timeout: 50, recorder)
    #expect(Date().timeIntervalSince(start) >= 0.045)
    #expect(recorder.records.isEmpty)
  }
}
