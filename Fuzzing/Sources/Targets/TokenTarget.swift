import Dashboard

/// A token. After an even byte it is the input itself, after an odd one its claims are, and they get signed.
struct TokenTarget: FuzzTarget {
  static let name = "tokens"
  private let issuer = FuzzIssuer()
  private let verifier: TokenVerifier
  private let file = MemoryFile()
  private static let now: Int64 = 1_800_000_000

  init() throws {
    file.write(FuzzIssuer.keySet.utf8)
    var settings = FuzzIssuer.settings
    settings.keys = .file(file.path)
    verifier = try TokenVerifier(settings, now: Self.now, report: { _ in })
  }

  func run(_ input: UnsafeRawBufferPointer) {
    guard let kind = input.first else { return }
    let rest = input.dropFirst()
    if kind % 2 == 0 {
      let token = String(decoding: rest, as: UTF8.self)
      if accepts(token) { expect(Self.isSigned(token), "a token that nobody signed is taken: \(token)") }
    } else if let token = issuer.token(Array(rest)) {
      _ = accepts(token)
      checkStranger(token)
    }
  }

  private func accepts(_ token: String) -> Bool {
    do throws(TokenRefusal) {
      guard let viewer = try verifier.viewer(of: token, now: Self.now) else { return false }
      expect(viewer.expiry.map { $0 > Self.now } ?? false, "a viewer for ever")
      expect(viewer.isAdministrator || viewer.partnerID != "", "a viewer of nothing")
      return true
    } catch {
      return false
    }
  }

  /// Header and claims are exactly those of a token that was signed.
  private static func isSigned(_ token: String) -> Bool {
    signedTokens.contains { signed in
      let end = signed.lastIndex(of: ".") ?? signed.startIndex
      return token.utf8.starts(with: signed[...end].utf8)
    }
  }

  private static let signedTokens: [String] =
    [FuzzIssuer.rsaToken] + [FuzzIssuer().token(Array(FuzzIssuer.claims.utf8))].compactMap { $0 }

  /// The signature of one token is none for another.
  private func checkStranger(_ token: String) {
    guard let first = Self.signedTokens.last, let end = token.lastIndex(of: "."),
      let other = first.lastIndex(of: "."), token[..<end] != first[..<other]
    else { return }
    expect(!accepts(String(token[..<end] + first[other...])), "a token is taken with another one's signature")
  }

  static func seeds() throws -> [[UInt8]] {
    let claims = [
      FuzzIssuer.claims,
      #"{"iss":"issuer","aud":"pulse","exp":1.8e9,"nbf":1799999999,"roles":"partner-administrator"}"#,
      #"{"iss":"issuer","aud":"pulse","exp":1800000001,"roles":[1,"partner-viewer"],"partner_id":""}"#,
      #"{"iss":"other","aud":["pulse","x"],"exp":"soon","nbf":null,"a":{"b":[true]},"roles":[]}"#,
    ]
    let stranger = FuzzIssuer(FuzzIssuer.strangersKey)
    let forged = claims.compactMap { stranger.token(Array($0.utf8)) }
    let unsigned = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJpc3N1ZXIifQ."
    return claims.map { [1] + Array($0.utf8) }
      + (signedTokens + forged + [unsigned]).map { [0] + Array($0.utf8) }
  }
}
