import HTTPClient

/// Which tokens are accepted, and what their claims mean.
package struct TokenSettings: Sendable {
  /// Where the issuer's public keys are, in a JSON Web Key Set.
  package var keys: KeyPlace
  package var issuer: String
  package var audience: String
  /// The claim with a partner's id, or with several. A dot leads to a member of a claim.
  package var partnerClaim = "partner_id"
  /// The claim with one role or several; a dot leads to a member here too.
  package var rolesClaim = "roles"
  /// Roles that may see the partners named in the token.
  package var viewerRoles: [String] = ["partner-viewer"]
  /// Roles that may see these partners' users by name, in addition to a viewer role.
  package var detailRoles: [String] = ["partner-detail-viewer"]
  /// Roles that may see every partner.
  package var administratorRoles: [String] = ["partner-administrator"]
  /// The cookie in which a browser sends the token.
  package var cookie = "partner-pulse-token"
  /// The tolerated difference of clocks, in seconds.
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

/// Where a key set is.
package enum KeyPlace: Sendable {
  case file(String)
  case url(DocumentRequest, KeyRefresh)
}
