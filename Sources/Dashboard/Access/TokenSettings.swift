/// Which tokens are taken, and what they say.
package struct TokenSettings: Sendable {
  /// A JSON Web Key Set with the issuer's package keys.
  package var keyFile: String
  package var issuer: String
  package var audience: String
  /// The claim with the partner's id.
  package var partnerClaim = "partner_id"
  /// The claim with the roles, a text or several.
  package var rolesClaim = "roles"
  /// Who has one of these sees the partner of the token.
  package var viewerRoles: [String] = ["partner-viewer"]
  /// Who has one of these besides sees that partner's users by name.
  package var detailRoles: [String] = ["partner-detail-viewer"]
  /// Who has one of these may choose any partner.
  package var administratorRoles: [String] = ["partner-administrator"]
  /// The cookie that a browser brings the token in.
  package var cookie = "partner-pulse-token"
  /// Seconds that clocks may differ.
  package var leeway = 30.0

  package init(keyFile: String, issuer: String, audience: String) {
    self.keyFile = keyFile
    self.issuer = issuer
    self.audience = audience
  }
}
