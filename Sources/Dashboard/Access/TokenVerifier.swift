import Contract

/// Checks tokens and tells who brings one.
package final class TokenVerifier: Sendable {
  let settings: TokenSettings
  private let keys: KeyFile

  package init(_ settings: TokenSettings, report: @escaping @Sendable (String) -> Void) throws(KeySetError) {
    self.settings = settings
    keys = try KeyFile(settings.keyFile, report: report)
  }

  /// Who the token is for; nil for one that is valid and gives no right to see anything. `now` is in seconds since 1970 UTC.
  package func viewer(of compact: String, now: Int64) throws(TokenRefusal) -> Viewer? {
    let token = try SignedToken(compact)
    let candidates = keys.keys(now: now).candidates(id: token.keyID, token.algorithm)
    let claims = try token.claims(signedBy: candidates)
    let expiry = try check(claims, now: Double(now))
    let roles = claims.texts(settings.rolesClaim)
    if roles.holdsAny(of: settings.administratorRoles) {
      return Viewer(.administrator, expiry: expiry)
    }
    guard roles.holdsAny(of: settings.viewerRoles),
      let partnerID = claims.text(settings.partnerClaim), !partnerID.isEmpty
    else { return nil }
    return Viewer(
      .partner(id: ExactText(partnerID)), maySeeUsers: roles.holdsAny(of: settings.detailRoles),
      expiry: expiry)
  }

  /// Checks issuer, audience and times. Returns until when the token is good.
  private func check(_ claims: TokenClaims, now: Double) throws(TokenRefusal) -> Int64 {
    guard let issuer = claims.text("iss"), issuer.hasSameUTF8(as: settings.issuer) else { throw .issuer }
    guard claims.texts("aud").holdsAny(of: [settings.audience]) else { throw .audience }
    if let start = try claims.instant("nbf"), now + settings.leeway < start { throw .notYetValid }
    guard let expiry = try claims.instant("exp") else { throw .malformed }
    guard now < expiry + settings.leeway else { throw .expired }
    return Int64((expiry + settings.leeway).rounded(.up))
  }
}

extension [String] {
  /// Whether one of these has the same bytes as one of `others`.
  fileprivate func holdsAny(of others: [String]) -> Bool {
    contains { mine in others.contains { mine.hasSameUTF8(as: $0) } }
  }
}
