/// Which tokens are taken, and what they say.
public struct TokenSettings: Sendable {
  /// A JSON Web Key Set with the issuer's public keys.
  public var keyFile: String
  public var issuer: String
  public var audience: String
  /// The claim with the partner's id.
  public var partnerClaim = "partner_id"
  /// The claim with the roles, a text or several.
  public var rolesClaim = "roles"
  /// Who has one of these sees the partner of the token.
  public var viewerRoles: [String] = ["partner-viewer"]
  /// Who has one of these besides sees that partner's users by name.
  public var detailRoles: [String] = ["partner-detail-viewer"]
  /// Who has one of these may choose any partner.
  public var administratorRoles: [String] = ["partner-administrator"]
  /// The cookie that a browser brings the token in.
  public var cookie = "partner-pulse-token"
  /// Seconds that clocks may differ.
  public var leeway = 30.0

  public init(keyFile: String, issuer: String, audience: String) {
    self.keyFile = keyFile
    self.issuer = issuer
    self.audience = audience
  }
}
