import Contract
import EventLog
import Foundation
import SQLiteLog
import Testing

@Suite struct GroupLockTests {
  let directory: TemporaryDirectory
  let log: SQLiteLog

  init() throws {
    directory = try TemporaryDirectory()
    log = try directory.log()
  }

  @Test func anotherLogCannotJoinUntilTheLastMemberLeaves() throws {
    let other = try SQLiteLog(path: directory.logPath, options: .test)
    let (first, one) = try log.member("g", [.customers], id: "1")
    let (second, two) = try log.member("g", [.customers], id: "2")
    let error = #expect(throws: LogError.self) { try other.member("g", [.customers]) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains("'g'") == true)
    #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
    #expect(throws: Never.self) { try other.member("another", [.customers]) }
    first.close(one)
    #expect(throws: LogError.self) { try other.member("g", [.customers]) }
    second.close(two)
    #expect(throws: Never.self) { try other.member("g", [.customers]) }
  }

  @Test func aLinkToTheFileIsTheSameLog() throws {
    let link = directory.path + "/link.db"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory.logPath)
    let other = try SQLiteLog(path: link, options: .test)
    let (member, _) = try log.member("g", [.customers])
    #expect(throws: LogError.self) { try other.member("g", [.customers]) }
    withExtendedLifetime(member) {}
  }

  @Test func aMemberThatIsDroppedLeaves() throws {
    let other = try SQLiteLog(path: directory.logPath, options: .test)
    do { _ = try log.member("g", [.customers]) }
    #expect(throws: Never.self) { try other.member("g", [.customers]) }
  }

  @Test(.enabled(if: OtherProcess.isAvailable)) func aKilledProcessGivesUpItsGroup() throws {
    let holder = try OtherProcess(
      """
      import fcntl
      lock = open(sys.argv[1], "a")
      fcntl.flock(lock, fcntl.LOCK_EX)
      """, directory.logPath + "-g.lock")
    let error = #expect(throws: LogError.self) { try log.member("g", [.customers]) }
    #expect(error?.code == "GROUP_IN_USE")
    holder.kill()
    #expect(throws: Never.self) { try log.member("g", [.customers]) }
  }

  @Test func namesOfGroupsNeedNotBeNamesOfFiles() throws {
    let (first, _) = try log.member("../a/b c", [.customers])
    let (second, _) = try log.member("../a/b d", [.customers])
    let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(
      Set(files.filter { $0.hasSuffix(".lock") }) == [
        "events.db-..%2fa%2fb%20c.lock", "events.db-..%2fa%2fb%20d.lock",
      ])
    withExtendedLifetime((first, second)) {}
  }
}
