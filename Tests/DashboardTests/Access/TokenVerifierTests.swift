import Contract
import Dashboard
import Foundation
import Testing

@Suite struct TokenVerifierTests {
  private let now: Int64 = 1_800_000_000
  private let rsa: Issuer
  private let elliptic: Issuer
  private let keyFile: String

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

  @Test func aKeyWhoseNumbersAreNoBase64IsRefused() throws {
    try write([], more: [#"{"kty": "EC", "crv": "P-256", "x": "AAAAA", "y": "AA=A"}"#])
    #expect(throws: KeySetError.self) { try makeVerifier() }
  }

  private func makeVerifier() throws -> TokenVerifier {
    try TokenVerifier(
      TokenSettings(keyFile: keyFile, issuer: "https://portal", audience: "partner-pulse"), report: { _ in })
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
      #expect(viewer == Viewer(.partner(id: "acme"), expiry: 1_800_000_630))
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

  @Test func claimsAreComparedByBytes() throws {
    var settings = TokenSettings(keyFile: keyFile, issuer: "caf\u{e9}", audience: "caf\u{e9}")
    settings.viewerRoles = ["caf\u{e9}"]
    settings.administratorRoles = ["cafe\u{301}"]
    settings.partnerClaim = "caf\u{e9}"
    let verifier = try TokenVerifier(settings, report: { _ in })
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
    try write([new])
    #expect(try verifier.viewer(of: new.token(claims()), now: now + 1) != nil)
    #expect(throws: TokenRefusal.unknownKey) { try verifier.viewer(of: rsa.token(claims()), now: now + 1) }
    try "no keys".write(toFile: keyFile, atomically: true, encoding: .utf8)
    #expect(try verifier.viewer(of: new.token(claims()), now: now + 2) != nil)
  }

  @Test func refusesKeySetsThatAreOfNoUse() throws {
    let unusable = [
      "", "[]", "{}", "{\"keys\": []}", "{\"keys\": 1}", "{\"keys\": [{\"kty\": \"RSA\"}]}",
      "{\"keys\": [{\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}]}", Issuer.keySet([try Issuer(.weakRSA, id: "a")]),
      Issuer.keySet([try Issuer(.p384, id: "a")]),
    ]
    for text in unusable {
      try text.write(toFile: keyFile, atomically: true, encoding: .utf8)
      #expect(throws: (any Error).self, "\(text)") { try makeVerifier() }
    }
  }

  @Test func passesOverKeysForSomethingElse() throws {
    let encryption = rsa.publicKey.replacingOccurrences(of: "\"kty\"", with: "\"use\":\"enc\",\"kty\"")
    try write([elliptic], more: [encryption, "{\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}"])
    #expect(try refusal(of: elliptic.token(claims())) == nil)
    #expect(try refusal(of: rsa.token(claims())) == .unknownKey)
  }
}
