import HTTPClient

/// Which tokens are taken, and what they say.
package struct TokenSettings: Sendable {
  /// Where the issuer's public keys are, as a JSON Web Key Set.
  package var keys: KeyPlace
  package var issuer: String
  package var audience: String
  /// The claim with the partner's id, or several partners'. A dot leads to a member of a claim.
  package var partnerClaim = "partner_id"
  /// The claim with the roles, a text or several, found likewise.
  package var rolesClaim = "roles"
  /// Who has one of these sees the partners of the token.
  package var viewerRoles: [String] = ["partner-viewer"]
  /// Who has one of these besides sees these partners' users by name.
  package var detailRoles: [String] = ["partner-detail-viewer"]
  /// Who has one of these may choose any partner.
  package var administratorRoles: [String] = ["partner-administrator"]
  /// The cookie that a browser brings the token in.
  package var cookie = "partner-pulse-token"
  /// Seconds that clocks may differ.
  package var leeway = 30.0

  package init(keyFile: String, issuer: String, audience: String) {
    self.init(keys: .file(keyFile), issuer: issuer, audience: audience)
  }

  package init(keys: KeyPlace, issuer: String, audience: String) {
    self.keys = keys
    self.issuer = issuer
    self.audience = audience
  }
}

/// Where keys are.
package enum KeyPlace: Sendable {
  case file(String)
  case url(DocumentRequest, KeyRefresh)
}
