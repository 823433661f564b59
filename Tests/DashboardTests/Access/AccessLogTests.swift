import Dashboard
import Foundation
import HTTPServer
import Metrics
import Synchronization
import Testing

@Suite struct AccessLogTests {
  private let path = NSTemporaryDirectory() + "access-\(UUID().uuidString).log"
  private let issuer: Issuer
  private let notices = Notices()

  private final class Notices: Sendable {
    let all = Mutex<[AccessNotice]>([])
  }

  init() throws { issuer = try Issuer(.p256, id: "1") }

  private func file(_ path: String? = nil, capacity: Int = 1 << 20) throws -> LineFile {
    try LineFile(path ?? self.path, capacity: capacity) { [notices] notice in
      notices.all.withLock { $0.append(notice) }
    }
  }

  private func site(_ lines: LineFile) throws -> TestSite {
    let keyFile = NSTemporaryDirectory() + "jwks-\(UUID().uuidString).json"
    try Issuer.keySet([issuer]).write(toFile: keyFile, atomically: true, encoding: .utf8)
    let settings = TokenSettings(keyFile: keyFile, issuer: "portal", audience: "pulse")
    return TestSite(
      access: .tokens(try TokenAccess(settings, report: { _ in })), accessLog: AccessLog(lines))
  }

  private func get(_ site: TestSite, _ target: String, subject: String = "ann") -> TestSite.Answer {
    let token = issuer.token(
      "{\"iss\":\"portal\",\"aud\":\"pulse\",\"exp\":99999999999,\"sub\":\"\(subject)\","
        + "\"roles\":[\"partner-viewer\"],\"partner_id\":\"partner-2\"}")
    let answer = site.get(target, headers: [("Authorization", "Bearer \(token)")])
    answer.response.completed?(Response.Completion(status: answer.status, bytes: 7))
    return answer
  }

  /// The lines, each of which must be a JSON object of ASCII.
  private func lines(_ path: String? = nil) throws -> [[String: Any]] {
    let text = try String(contentsOfFile: path ?? self.path, encoding: .utf8)
    #expect(text.isEmpty || text.hasSuffix("\n"))
    #expect(text.utf8.allSatisfy { $0 == 0x0a || $0 >= 0x20 && $0 < 0x7f })
    return try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  @Test func eachAnswerIsALine() throws {
    let lines = try file()
    let site = try site(lines)
    lines.start()
    let answer = get(site, "/api/v1/partners/partner-2/indicators?month=2026-11")
    _ = get(site, "/api/v1/partners/partner-3/indicators")
    _ = get(site, "/?lang=fr", subject: "b\u{f6}b\u{202e}\\n")
    let stream = get(site, "/api/v1/partners/partner-2/events")
    for path in ["/healthz", "/metrics", "/assets/page.css", "/nothing"] { _ = get(site, path) }
    lines.stop()
    let written = try self.lines()
    #expect(written.count == 5)
    let first = written[0]
    #expect(first["subject"] as? String == "ann")
    #expect(first["role"] as? String == "partner")
    #expect(first["partner"] as? String == "partner-2")
    #expect(first["method"] as? String == "GET")
    #expect(first["path"] as? String == "/api/v1/partners/partner-2/indicators")
    #expect((first["query"] as? [String: String]) == ["month": "2026-11"])
    #expect(first["status"] as? Int == 200)
    #expect(first["bytes"] as? Int == 7)
    #expect(first["client"] as? String == "127.0.0.1")
    #expect(first["id"] as? String == answer.header("X-Request-Id"))
    #expect((first["seconds"] as? Double ?? -1) >= 0)
    #expect((first["time"] as? String)?.hasSuffix("Z") == true)
    // Of what was refused nothing was seen.
    #expect(written[1]["status"] as? Int == 403)
    #expect(written[1]["partner"] is NSNull)
    #expect(written[1]["path"] as? String == "/api/v1/partners/partner-3/indicators")
    #expect(written[2]["subject"] as? String == "b\u{f6}b\u{202e}\n")
    #expect(written[2]["partner"] as? String == "partner-2")
    #expect(written[3]["stream"] as? String == "opened")
    #expect(written[4]["stream"] as? String == "closed")
    #expect(Set(written.compactMap { $0["id"] as? String }).count == 4)
    _ = stream
  }

  @Test func nothingUnknownOfTheAddressIsKept() throws {
    let lines = try file()
    let site = try site(lines)
    lines.start()
    _ = get(site, "/?access_token=secret&month=2026-11&eyJhbGciOiJ=")
    _ = site.get(
      "/", headers: [("Cookie", "partner-pulse-token=secret"), ("Authorization", "Bearer secret")]
    )
    .response.completed?(Response.Completion(status: 401, bytes: nil))
    _ = get(site, "/?month=" + String(repeating: "x", count: 5_000))
    lines.stop()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(!text.contains("secret") && !text.contains("eyJ") && text.utf8.count < 3_000)
    let written = try self.lines()
    #expect((written[0]["query"] as? [String: Any])?["unknown"] as? Int == 2)
    #expect(written[1]["subject"] is NSNull && written[1]["bytes"] is NSNull)
  }

  @Test func aFileThatIsMovedAwayIsOpenedAnew() throws {
    let lines = try file()
    let site = try site(lines)
    lines.start()
    _ = get(site, "/api/v1/scales")
    try waitFor { try self.lines().count == 1 }
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    _ = get(site, "/api/v1/scales")
    try waitFor { FileManager.default.fileExists(atPath: self.path) }
    _ = get(site, "/api/v1/scales")
    lines.stop()
    #expect(try self.lines(path + ".1").count == 1)
    #expect(try self.lines().count == 2)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect((mode ?? 0o777) & 0o007 == 0)
  }

  private func waitFor(_ condition: () throws -> Bool) throws {
    for _ in 0..<200 where try !condition() { usleep(20_000) }
    #expect(try condition())
  }

  /// The device that is always full stands for a disk that is.
  @Test func aFullDiskStopsNothing() throws {
    let lines = try file("/dev/full", capacity: 2_000)
    let site = try site(lines)
    lines.start()
    for _ in 0..<20 { #expect(get(site, "/api/v1/scales").status == 200) }
    try waitFor { self.notices.all.withLock { !$0.isEmpty } }
    lines.stop()
    let said = notices.all.withLock { $0 }
    #expect(said.count == 1)
    if case .warning(let text) = said[0] {
      #expect(text.contains("No space left on device"))
    } else {
      Issue.record("no warning")
    }
    var text = MetricsText()
    lines.write(to: &text)
    #expect(text.text.contains("access_log_lines_total{outcome=\"written\"} 0\n"))
    #expect(!text.text.contains("outcome=\"dropped\"} 0\n"))
    #expect(!text.text.contains("access_log_failures_total 0\n"))
  }

  @Test func whatWaitedIsWrittenOnceThereIsRoom() throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
    let lines = try file()
    let site = try site(lines)
    lines.start()
    let ids = (0..<5).map { _ in get(site, "/api/v1/scales").header("X-Request-Id") }
    try waitFor { self.notices.all.withLock { !$0.isEmpty } }
    try FileManager.default.removeItem(atPath: path)
    try waitFor { FileManager.default.fileExists(atPath: self.path) }
    lines.stop()
    #expect(try self.lines().map { $0["id"] as? String } == ids)
    let said = notices.all.withLock { $0 }
    #expect(said.count == 2)
    #expect(said.last == .information("the access log \(path) is written again; 0 lines were dropped so far"))
  }

  @Test func aFileThatCannotBeOpenedIsAnError() {
    #expect(throws: LineFileError.self) { try file("/nonexistent/access.log") }
    #expect(throws: LineFileError.self) { try file(NSTemporaryDirectory()) }
  }
}
