import Contract
import HTTPClient
import Metrics

/// Verifies tokens, and determines the viewer from their claims.
package final class TokenVerifier: Sendable {
  let settings: TokenSettings
  private let keys: KeyRing
  private let source: Source

  private enum Source {
    case file(KeyFile)
    case url(KeyURL)
  }

  /// Reads the keys if they are in a file, and throws if that fails; `refresh` fetches those at an address. `report` gets what
  /// happens to them. `now` is in seconds since 1970 UTC.
  package init(
    _ settings: TokenSettings, now: Int64, report: @escaping @Sendable (AccessNotice) -> Void
  ) throws(KeySetError) {
    self.settings = settings
    keys = KeyRing(report: report)
    switch settings.keys {
    case .file(let path): source = .file(try KeyFile(path, keys, now: now))
    case .url(let request, let refresh):
      source = .url(
        KeyURL(request.address.text, refresh, keys) { (isCancelled) throws(FetchError) in
          try request.fetch(isCancelled: isCancelled)
        })
    }
  }

  /// Reads the keys again if they may have changed. Must be called by one thread, several times a second; it waits for the disk, or
  /// for the network until `isCancelled`.
  package func refresh(now: Int64, isCancelled: () -> Bool = { false }) {
    switch source {
    case .file(let file): file.refresh(now: now)
    case .url(let url): url.refresh(now: now, isCancelled: isCancelled)
    }
  }

  /// What it waits for, a line each; empty if it has keys to check tokens with.
  package var waitsFor: [String] {
    if case .url(let url) = source, !url.hasKeys { ["the keys that tokens are signed with"] } else { [] }
  }

  /// The viewer that a token is for; nil if it is valid but grants no access. `now` is in seconds since 1970 UTC.
  package func viewer(of compact: String, now: Int64) throws(TokenRefusal) -> Viewer? {
    let token = try SignedToken(compact)
    let candidates = keys.candidates(id: token.keyID, token.algorithm)
    if candidates.isEmpty, case .url(let url) = source { url.missKey() }
    let (claims, key) = try token.claims(signedBy: candidates)
    let expiry = try check(claims, now: Double(now))
    let roles = claims.texts(at: settings.rolesClaim)
    var viewer: Viewer
    if roles.holdsAny(of: settings.administratorRoles) {
      viewer = Viewer(.administrator, expiry: expiry)
    } else {
      var partners: [ExactText] = []
      for id in claims.texts(at: settings.partnerClaim).map({ ExactText($0) })
      where id != "" && !partners.contains(id) { partners.append(id) }
      guard roles.holdsAny(of: settings.viewerRoles), !partners.isEmpty else { return nil }
      viewer = Viewer(
        .partners(partners), maySeeUsers: roles.holdsAny(of: settings.detailRoles), expiry: expiry)
    }
    viewer.subject = claims.text("sub")
    viewer.key = key
    return viewer
  }

  /// Checks issuer, audience and times. Returns when the token expires, in seconds since 1970 UTC.
  private func check(_ claims: TokenClaims, now: Double) throws(TokenRefusal) -> Int64 {
    guard let issuer = claims.text("iss"), issuer.hasSameUTF8(as: settings.issuer) else { throw .issuer }
    guard claims.texts("aud").holdsAny(of: [settings.audience]) else { throw .audience }
    if let start = try claims.instant("nbf"), now + settings.leeway < start { throw .notYetValid }
    guard let expiry = try claims.instant("exp") else { throw .malformed }
    guard now < expiry + settings.leeway else { throw .expired }
    return Int64((expiry + settings.leeway).rounded(.up))
  }

  package func write(to text: inout MetricsText) { keys.write(to: &text) }
}

extension [String] {
  /// Whether one of these has the same bytes as one of `others`.
  fileprivate func holdsAny(of others: [String]) -> Bool {
    contains { mine in others.contains { mine.hasSameUTF8(as: $0) } }
  }
}
