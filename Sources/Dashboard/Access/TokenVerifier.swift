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
    if roles.contains(where: settings.administratorRoles.contains) {
      return Viewer(.administrator, expiry: expiry)
    }
    guard roles.contains(where: settings.viewerRoles.contains),
      let partnerID = claims.text(settings.partnerClaim), !partnerID.isEmpty
    else { return nil }
    return Viewer(.partner(id: partnerID), expiry: expiry)
  }

  /// Checks issuer, audience and times. Returns until when the token is good.
  private func check(_ claims: TokenClaims, now: Double) throws(TokenRefusal) -> Int64 {
    guard claims.text("iss") == settings.issuer else { throw .issuer }
    guard claims.texts("aud").contains(settings.audience) else { throw .audience }
    if let start = try claims.instant("nbf"), now + settings.leeway < start { throw .notYetValid }
    guard let expiry = try claims.instant("exp") else { throw .malformed }
    guard now < expiry + settings.leeway else { throw .expired }
    return Int64((expiry + settings.leeway).rounded(.up))
  }
}
