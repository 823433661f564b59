import Dashboard
import Foundation
import HTTPClient
import HTTPServer
import Synchronization
import Testing

/// Keys at an address, over the network of this machine.
@Suite struct KeyURLTests {
  private let issuer: Issuer
  private let served = Served()
  private let server: Server
  private let verifier: TokenVerifier
  private let start: Int64 = 1_800_000_000

  private final class Served: Sendable {
    /// What the address has; nil for an error.
    let text = Mutex<String?>(nil)
    let requests = Atomic(0)
    let notices = Mutex<[AccessNotice]>([])

    func set(_ text: String?) { self.text.withLock { $0 = text } }
    var count: Int { requests.load(ordering: .acquiring) }
  }

  init() throws {
    issuer = try Issuer(.p256, id: "ec-1")
    server = try Server(ListenAddress(host: "127.0.0.1", port: 0)) { [served] _ in
      served.requests.add(1, ordering: .acquiringAndReleasing)
      let text = served.text.withLock { $0 }
      return text.map { Response(200, "application/json", Array($0.utf8)) } ?? Response(500, "text/plain", [])
    }
    let address = try #require(WebAddress("http://127.0.0.1:\(server.address.port)/keys"))
    var refresh = KeyRefresh()
    (refresh.seconds, refresh.leastSeconds, refresh.keptSeconds) = (300, 10, 1_000)
    let settings = TokenSettings(
      keys: .url(DocumentRequest(address), refresh), issuer: "portal", audience: "pulse")
    verifier = try TokenVerifier(settings, now: start) { [served] notice in
      served.notices.withLock { $0.append(notice) }
    }
  }

  private func viewer(_ signer: Issuer? = nil, at seconds: Int64) -> Viewer? {
    let token = (signer ?? issuer).token(
      "{\"iss\":\"portal\",\"aud\":\"pulse\",\"exp\":99999999999,\"roles\":[\"partner-viewer\"],\"partner_id\":\"a\"}"
    )
    return try? verifier.viewer(of: token, now: start + seconds)
  }

  private func refresh(_ seconds: Int64) { verifier.refresh(now: start + seconds) }

  @Test func nobodyIsLetInBeforeTheKeysAreThere() {
    #expect(viewer(at: 0) == nil)
    #expect(verifier.waitsFor == ["the keys that tokens are signed with"])
    served.set(Issuer.keySet([issuer]))
    refresh(0)
    #expect(viewer(at: 0) != nil)
    #expect(verifier.waitsFor == [])
  }

  @Test func keysAreFetchedNowAndThen() {
    served.set(Issuer.keySet([issuer]))
    for second in 0...900 { refresh(Int64(second)) }
    #expect(served.count == 4)
    let letIn = viewer(at: 900)
    served.set("{\"keys\": []}")
    refresh(1_200)
    #expect(letIn?.isRevoked == true)
    #expect(viewer(at: 1_200) == nil)
  }

  @Test func anUnknownKeyIsAskedForButNotByEverybody() throws {
    served.set(Issuer.keySet([issuer]))
    refresh(0)
    let new = try Issuer(.p256, id: "ec-2")
    served.set(Issuer.keySet([issuer, new]))
    #expect(viewer(new, at: 1) == nil)
    refresh(1)
    #expect(served.count == 1)
    refresh(10)
    #expect(served.count == 2)
    #expect(viewer(new, at: 10) != nil)
    // However often somebody makes up a name, one request in ten seconds it is.
    let stranger = try Issuer(.p256, id: "made-up")
    for second in 11...60 {
      #expect(viewer(stranger, at: Int64(second)) == nil)
      refresh(Int64(second))
    }
    #expect(served.count == 7)
  }

  @Test func theLastKeysAreKeptForAWhile() {
    served.set(Issuer.keySet([issuer]))
    refresh(0)
    let letIn = viewer(at: 0)
    for bad in [nil, "no keys", "{}", String(repeating: " ", count: 2 << 20)] {
      served.set(bad)
      for second in 300...400 { refresh(Int64(second)) }
      #expect(viewer(at: 400) != nil)
    }
    for second in 401...1_000 { refresh(Int64(second)) }
    #expect(viewer(at: 1_000) != nil && letIn?.isRevoked == false)
    refresh(1_001)
    #expect(viewer(at: 1_001) == nil && letIn?.isRevoked == true)
    #expect(verifier.waitsFor != [])
    served.set(Issuer.keySet([issuer]))
    for second in 1_002...1_400 { refresh(Int64(second)) }
    #expect(viewer(at: 1_400) != nil)
    let warnings = served.notices.withLock { $0.count { if case .warning = $0 { true } else { false } } }
    #expect(warnings > 2)
  }

  @Test func failuresAreTriedAgainEverLessOften() {
    for second in 0...300 { refresh(Int64(second)) }
    // At 0, 2, 6, 14, 30, 62, 126 and 254.
    #expect(served.count == 8)
  }

  @Test func aClockThatIsSetBackPutsNothingOff() {
    served.set(Issuer.keySet([issuer]))
    refresh(0)
    refresh(-100_000)
    #expect(served.count == 2)
  }
}
