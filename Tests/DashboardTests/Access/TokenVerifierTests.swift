import Contract
import Dashboard
import Foundation
import Metrics
import Synchronization
import Testing

@Suite struct TokenVerifierTests {
  private let now: Int64 = 1_800_000_000
  private let rsa: Issuer
  private let elliptic: Issuer
  private let keyFile: String
  private let notices = Notices()

  private final class Notices: Sendable {
    let all = Mutex<[AccessNotice]>([])
  }

  init() throws {
    rsa = try Issuer(.rsa, id: "rsa-1")
    elliptic = try Issuer(.p256, id: "ec-1")
    keyFile = NSTemporaryDirectory() + "jwks-\(UUID().uuidString).json"
    try write([rsa, elliptic])
  }

  private func write(_ issuers: [Issuer], more: [String] = []) throws {
    try Issuer.keySet(issuers, more: more).write(toFile: keyFile, atomically: true, encoding: .utf8)
  }

  /// cjose fails an assertion over some of these, and with it the program.
  @Test(arguments: [
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImU=fQ.eyJpc3MiOiJhIn0.QpzhGw", "a.b.c", "AAAAA.AA.AA", "AA.AAAAA.AA",
    "AA==.AA.AA",
    "AA.AA", "AA.AA.AA.AA", "..", "", "\u{e9}.AA.AA",
  ])
  func whatIsNoBase64IsMalformed(token: String) throws {
    #expect(try refusal(of: token) == .malformed)
  }

  private func makeVerifier() throws -> TokenVerifier {
    try TokenVerifier(
      TokenSettings(keyFile: keyFile, issuer: "https://portal", audience: "partner-pulse"), now: now,
      report: { [notices] notice in notices.all.withLock { $0.append(notice) } })
  }

  private func claims(
    issuer: String = "https://portal", audience: String = "\"partner-pulse\"", expiry: String? = "1800000600",
    more: String = "", roles: String = "[\"partner-viewer\"]", partner: String = "\"acme\""
  ) -> String {
    "{\"iss\": \"\(issuer)\", \"aud\": \(audience), \(expiry.map { "\"exp\": \($0), " } ?? "")\(more)"
      + "\"roles\": \(roles), \"partner_id\": \(partner)}"
  }

  private func refusal(of token: String) throws -> TokenRefusal? {
    let verifier = try makeVerifier()
    do throws(TokenRefusal) {
      _ = try verifier.viewer(of: token, now: now)
      return nil
    } catch {
      return error
    }
  }

  @Test func takesTokensOfBothAlgorithms() throws {
    let verifier = try makeVerifier()
    for issuer in [rsa, elliptic] {
      let viewer = try verifier.viewer(of: issuer.token(claims()), now: now)
      #expect(viewer?.role == .partner(id: "acme"))
      #expect(viewer?.expiry == 1_800_000_630)
    }
  }

  @Test func rolesSayWhatMayBeSeen() throws {
    let verifier = try makeVerifier()
    let roles = { roles in try verifier.viewer(of: rsa.token(claims(roles: roles)), now: now)?.role }
    #expect(try roles("\"partner-viewer\"") == .partner(id: "acme"))
    #expect(try roles("[\"other\", \"partner-administrator\"]") == .administrator)
    #expect(try roles("[\"other\"]") == nil)
    let users = { roles in try verifier.viewer(of: rsa.token(claims(roles: roles)), now: now)?.maySeeUsers }
    #expect(try users("\"partner-viewer\"") == false)
    #expect(try users("[\"partner-viewer\", \"partner-detail-viewer\"]") == true)
    #expect(try users("\"partner-administrator\"") == true)
    // It adds to the role of a viewer, and is none by itself.
    #expect(try users("\"partner-detail-viewer\"") == nil)
    #expect(try roles("null") == nil)
    let noPartner = rsa.token(claims(partner: "7"))
    #expect(try verifier.viewer(of: noPartner, now: now) == nil)
  }

  /// As Keycloak has it, and as others do.
  @Test(arguments: [
    ("realm_access.roles", #""realm_access": {"roles": ["x", "partner-viewer"]}"#, true),
    ("realm_access.roles", #""realm_access": {"roles": "partner-viewer", "verify": 1}"#, true),
    ("realm_access.roles", #""realm_access.roles": ["partner-viewer"]"#, true),
    // A claim that has the whole name goes first.
    (
      "realm_access.roles", #""realm_access.roles": ["x"], "realm_access": {"roles": ["partner-viewer"]}"#,
      false
    ),
    ("realm_access.roles", #""realm_access": ["partner-viewer"]"#, false),
    ("realm_access.roles", #""realm_access": {"roles": {"roles": ["partner-viewer"]}}"#, false),
    ("realm_access.roles", #""realm_access": null"#, false),
    ("resource_access.my.app.roles", #""resource_access": {"my.app": {"roles": ["partner-viewer"]}}"#, true),
    ("a.b.c.d", #""a": {"b": {"c": {"d": ["partner-viewer"]}}}"#, true),
    ("a.b.c.d", #""a.b": {"x": 1}, "a": {"b": {"c.d": ["partner-viewer"]}}"#, true),
    ("https://portal.example/roles", #""https://portal.example/roles": ["partner-viewer"]"#, true),
    (".", #""": {"": ["partner-viewer"]}"#, true), ("a.", #""a": {"": ["partner-viewer"]}"#, true),
    ("a..b", #""a": {"b": ["partner-viewer"]}"#, false),
  ])
  func rolesMayBeMembersOfAClaim(_ path: String, _ claim: String, _ isFound: Bool) throws {
    var settings = TokenSettings(keyFile: keyFile, issuer: "https://portal", audience: "partner-pulse")
    settings.rolesClaim = path
    let verifier = try TokenVerifier(settings, now: now, report: { _ in })
    let viewer = try verifier.viewer(of: rsa.token(claims(more: claim + ", ", roles: "null")), now: now)
    #expect(viewer?.role == (isFound ? .partner(id: "acme") : nil))
  }

  @Test func aMemberThatIsThereTwiceIsMalformed() throws {
    let twice = #""a": {"roles": ["partner-viewer"], "roles": ["partner-administrator"]}, "#
    #expect(try refusal(of: rsa.token(claims(more: twice))) == .malformed)
  }

  @Test(
    arguments: [
      (#"["a", "b", "a", ""]"#, ["a", "b"]), (#"["a", 7, null, ["b"]]"#, ["a"]), (#""a""#, ["a"]),
      (#"["caf\u00e9", "cafe\u0301"]"#, ["caf\u{e9}", "cafe\u{301}"]), ("[]", nil), (#"[""]"#, nil),
      ("7", nil), (#"{"a": "b"}"#, nil),
    ] as [(String, [String]?)])
  func aTokenMayNameSeveralPartners(_ claim: String, _ partners: [String]?) throws {
    let viewer = try makeVerifier().viewer(of: rsa.token(claims(partner: claim)), now: now)
    #expect(viewer?.partnerIDs.map { Array($0.utf8) } == partners.map { $0.map { Array($0.utf8) } })
  }

  @Test func claimsAreComparedByBytes() throws {
    var settings = TokenSettings(keyFile: keyFile, issuer: "caf\u{e9}", audience: "caf\u{e9}")
    settings.viewerRoles = ["caf\u{e9}"]
    settings.administratorRoles = ["cafe\u{301}"]
    settings.partnerClaim = "caf\u{e9}"
    let verifier = try TokenVerifier(settings, now: now, report: { _ in })
    func viewer(
      issuer: String = "caf\u{e9}", audience: String = "\"caf\u{e9}\"", role: String = "caf\u{e9}",
      claim: String = "caf\u{e9}"
    ) throws -> Viewer? {
      let claims = claims(
        issuer: issuer, audience: audience, more: "\"\(claim)\": \"cafe\u{301}\", ", roles: "\"\(role)\"")
      return try verifier.viewer(of: rsa.token(claims), now: now)
    }
    let seen = try #require(try viewer())
    #expect(seen.maySee("cafe\u{301}"))
    #expect(!seen.maySee("caf\u{e9}"))
    #expect(throws: TokenRefusal.issuer) { try viewer(issuer: "cafe\u{301}") }
    #expect(throws: TokenRefusal.audience) { try viewer(audience: "[\"cafe\u{301}\"]") }
    #expect(try viewer(role: "cafe\u{301}")?.isAdministrator == true)
    #expect(try viewer(claim: "cafe\u{301}") == nil)
    #expect(seen.isAdministrator == false)
  }

  @Test func checksIssuerAndAudience() throws {
    #expect(try refusal(of: rsa.token(claims(issuer: "https://evil"))) == .issuer)
    #expect(try refusal(of: rsa.token(claims(audience: "\"other\""))) == .audience)
    #expect(try refusal(of: rsa.token(claims(audience: "[]"))) == .audience)
    #expect(try refusal(of: rsa.token(claims(audience: "[\"other\", \"partner-pulse\"]"))) == nil)
  }

  @Test(
    arguments: [
      ("1800000600", "", nil), ("1799999971", "", nil), ("1799999970", "", .expired), ("1", "", .expired),
      ("-1e9", "", .expired), ("1e300", "", .malformed), ("\"1800000600\"", "", .malformed),
      (nil, "", .malformed), ("1800000600", "\"nbf\": 1800000030, ", nil),
      ("1800000600", "\"nbf\": 1800000031, ", .notYetValid), ("1800000600", "\"nbf\": null, ", .malformed),
    ] as [(String?, String, TokenRefusal?)])
  func checksTimes(_ expiry: String?, _ more: String, _ expected: TokenRefusal?) throws {
    #expect(try refusal(of: rsa.token(claims(expiry: expiry, more: more))) == expected)
  }

  @Test func refusesTokensWithoutASignature() throws {
    for algorithm in ["none", "None", "NONE", ""] {
      let header = "{\"alg\":\"\(algorithm)\",\"kid\":\"rsa-1\"}"
      let token = forgedToken(header: header, claims: claims(), signature: [])
      #expect(try refusal(of: token) != nil)
    }
    let taken = rsa.token(claims()).split(separator: ".", omittingEmptySubsequences: false)
    #expect(try refusal(of: "\(taken[0]).\(taken[1]).") != nil)
  }

  @Test func refusesAPublicKeyAsASecret() throws {
    for secret in [rsa.publicKey, elliptic.publicKey] {
      let token = hs256Token(secret: secret, claims: claims(), id: "rsa-1")
      #expect(!token.isEmpty)
      #expect(try refusal(of: token) == .algorithm)
    }
  }

  @Test func refusesAnotherAlgorithmOfTheSameKey() throws {
    for algorithm in ["RS512", "PS256"] {
      #expect(try refusal(of: rsa.token(claims(), algorithm: algorithm)) == .algorithm)
    }
    let confused = elliptic.token(claims(), id: "rsa-1")
    #expect(try refusal(of: confused) == .unknownKey)
  }

  @Test func refusesForgedTokens() throws {
    let other = try Issuer(.rsa, id: "rsa-1")
    #expect(try refusal(of: other.token(claims())) == .signature)
    #expect(try refusal(of: try Issuer(.p256, id: "ec-1").token(claims())) == .signature)
    let parts = rsa.token(claims()).split(separator: ".")
    let changed = base64URL(Array(claims(roles: "[\"partner-administrator\"]").utf8))
    #expect(try refusal(of: "\(parts[0]).\(changed).\(parts[2])") == .signature)
  }

  @Test func choosesTheKeyByItsName() throws {
    #expect(try refusal(of: rsa.token(claims(), id: .some("unknown"))) == .unknownKey)
    #expect(try refusal(of: rsa.token(claims(), id: .some(nil))) == nil)
    try write([rsa, try Issuer(.rsa, id: "rsa-2")])
    #expect(try refusal(of: rsa.token(claims())) == nil)
    // With two keys to choose from, a token must say which.
    #expect(try refusal(of: rsa.token(claims(), id: .some(nil))) == .unknownKey)
  }

  @Test(arguments: ["", ".", "..", "a.b.c", "e30.e30.e30", "e30.e30", "e30.e30.e30.e30.e30"])
  func refusesWhatIsNoToken(_ text: String) throws {
    #expect(try refusal(of: text) != nil)
  }

  @Test func refusesWhatItDoesNotUnderstand() throws {
    #expect(try refusal(of: rsa.token(claims(), more: ["crit": "[\"b64\"]"])) == .malformed)
    #expect(try refusal(of: rsa.token("[]")) == .malformed)
    #expect(try refusal(of: rsa.token("{\"exp\": 1, \"exp\": 1800000600}")) == .malformed)
  }

  @Test func readsTheKeysAgainWhenTheyChange() throws {
    let verifier = try makeVerifier()
    let new = try Issuer(.rsa, id: "rsa-2")
    #expect(throws: TokenRefusal.unknownKey) { try verifier.viewer(of: new.token(claims()), now: now) }
    let stays = try #require(try verifier.viewer(of: elliptic.token(claims()), now: now))
    let goes = try #require(try verifier.viewer(of: rsa.token(claims()), now: now))
    try write([new, elliptic])
    verifier.refresh(now: now)
    #expect(try verifier.viewer(of: new.token(claims()), now: now) != nil)
    #expect(throws: TokenRefusal.unknownKey) { try verifier.viewer(of: rsa.token(claims()), now: now) }
    // What a key has let in ends with it, and with no other.
    #expect(goes.isRevoked && !stays.isRevoked)
    for text in ["no keys", "{}", "{\"keys\": 1}", "{\"keys\": [], \"keys\": []}", "{\"keys\": [{]}"] {
      try text.write(toFile: keyFile, atomically: true, encoding: .utf8)
      verifier.refresh(now: now)
      #expect(try verifier.viewer(of: new.token(claims()), now: now) != nil, "\(text)")
    }
    #expect(!stays.isRevoked)
    try FileManager.default.removeItem(atPath: keyFile)
    verifier.refresh(now: now)
    #expect(try verifier.viewer(of: new.token(claims()), now: now) != nil)
  }

  @Test func theSameKeyUnderAnotherNameIsAnotherOne() throws {
    let verifier = try makeVerifier()
    let viewer = try #require(try verifier.viewer(of: elliptic.token(claims()), now: now))
    try write([], more: [elliptic.publicKey.replacingOccurrences(of: "ec-1", with: "ec-2")])
    verifier.refresh(now: now)
    #expect(viewer.isRevoked)
  }

  @Test func aKeyThatComesBackLetsInAgain() throws {
    let verifier = try makeVerifier()
    for keys in [[], [elliptic]] {
      try write(keys)
      verifier.refresh(now: now)
    }
    let viewer = try verifier.viewer(of: elliptic.token(claims()), now: now)
    #expect(viewer?.isRevoked == false)
  }

  @Test func refusesWhatIsNoKeySet() throws {
    for text in ["", "[]", "{}", "{\"keys\": 1}", "{\"keys\": []", "{\"keys\": [], \"keys\": []}"] {
      try text.write(toFile: keyFile, atomically: true, encoding: .utf8)
      #expect(throws: KeySetError.self, "\(text)") { try makeVerifier() }
    }
  }

  @Test(
    arguments: [
      (#"{"kty": "RSA"}"#, "malformed"), (#"{"kty": "RSA", "n": "____", "e": "AQAB"}"#, "24 bits"),
      (#"{"kty": "EC", "crv": "P-256", "x": "AAAAA", "y": "AA=A"}"#, "malformed"),
      (#"{"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}"#, "malformed"), (#"{"kty": 5}"#, "byte 8"),
      (#"{"kty": "EC", "crv": ["P-256"]}"#, "byte"), ("1", "byte"), ("null", "byte"), ("[]", "byte"),
      ("{}", nil),
      (#"{"kty": "oct", "k": "c2VjcmV0"}"#, nil), (#"{"kty": "RSA", "use": "enc", "n": "="}"#, nil),
    ] as [(String, String?)])
  func aKeyThatCannotBeUsedIsSkipped(_ bad: String, _ reason: String?) throws {
    try write([rsa], more: [bad, elliptic.publicKey])
    #expect(try refusal(of: rsa.token(claims())) == nil)
    #expect(try refusal(of: elliptic.token(claims())) == nil)
    let warnings = notices.all.withLock { $0 }.compactMap { notice in
      if case .warning(let text) = notice { text } else { nil as String? }
    }
    // A key for something else is none that is bad.
    #expect(warnings.isEmpty == (reason == nil))
    if let reason {
      #expect(warnings.allSatisfy { $0.contains("skipping key 2: ") && $0.contains(reason) }, "\(warnings)")
    }
  }

  @Test func aWeakKeyIsSkippedByItsName() throws {
    let weak = try Issuer(.weakRSA, id: "we\nak")
    try write([rsa, weak])
    #expect(try refusal(of: rsa.token(claims())) == nil)
    #expect(try refusal(of: weak.token(claims())) == .unknownKey)
    let said = notices.all.withLock { $0.first }
    #expect(
      said == .warning("\(keyFile): skipping key 2 (\"we\\nak\"): it has 1024 bits, and 2048 are the least"))
  }

  @Test func aSetWithoutAKeyRefusesAll() throws {
    let none = [
      "{\"keys\": []}", "{\"keys\": [{\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}]}",
      Issuer.keySet([try Issuer(.p384, id: "a")]), Issuer.keySet([try Issuer(.weakRSA, id: "a")]),
    ]
    for text in none {
      try text.write(toFile: keyFile, atomically: true, encoding: .utf8)
      #expect(try refusal(of: rsa.token(claims())) == .unknownKey)
      #expect(try refusal(of: rsa.token(claims(), id: .some(nil))) == .unknownKey)
    }
    let warnings = notices.all.withLock {
      $0.count {
        $0 == .warning("\(keyFile) has no signature key for RS256 or ES256: every token is refused")
      }
    }
    #expect(warnings == 8)
  }

  @Test func metricsTellOfTheKeys() throws {
    try write([rsa], more: ["1"])
    let verifier = try makeVerifier()
    try "no keys".write(toFile: keyFile, atomically: true, encoding: .utf8)
    verifier.refresh(now: now)
    var text = MetricsText()
    verifier.write(to: &text)
    for line in [
      "token_keys 1", "token_keys_skipped 1", "token_key_reads_total{outcome=\"read\"} 1",
      "token_key_reads_total{outcome=\"failed\"} 1", "token_keys_timestamp_seconds 1800000000",
    ] {
      #expect(text.text.contains("partner_pulse_\(line)\n"))
    }
  }

  @Test func passesOverKeysForSomethingElse() throws {
    let encryption = rsa.publicKey.replacingOccurrences(of: "\"kty\"", with: "\"use\":\"enc\",\"kty\"")
    try write([elliptic], more: [encryption, "{\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}"])
    #expect(try refusal(of: elliptic.token(claims())) == nil)
    #expect(try refusal(of: rsa.token(claims())) == .unknownKey)
  }
}
