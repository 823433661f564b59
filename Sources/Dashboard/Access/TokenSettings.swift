import HTTPClient

/// Which tokens are taken, and what they say.
public struct TokenSettings: Sendable {
  /// Where the issuer's public keys are, as a JSON Web Key Set.
  public var keys: KeyPlace
  public var issuer: String
  public var audience: String
  /// The claim with the partner's id, or several partners'. A dot leads to a member of a claim.
  public var partnerClaim = "partner_id"
  /// The claim with the roles, a text or several, found likewise.
  public var rolesClaim = "roles"
  /// Who has one of these sees the partners of the token.
  public var viewerRoles: [String] = ["partner-viewer"]
  /// Who has one of these besides sees these partners' users by name.
  public var detailRoles: [String] = ["partner-detail-viewer"]
  /// Who has one of these may choose any partner.
  public var administratorRoles: [String] = ["partner-administrator"]
  /// The cookie that a browser brings the token in.
  public var cookie = "partner-pulse-token"
  /// Seconds that clocks may differ.
  public var leeway = 30.0

  public init(keyFile: String, issuer: String, audience: String) {
    self.init(keys: .file(keyFile), issuer: issuer, audience: audience)
  }

  public init(keys: KeyPlace, issuer: String, audience: String) {
    self.keys = keys
    self.issuer = issuer
    self.audience = audience
  }
}

/// Where keys are.
public enum KeyPlace: Sendable {
  case file(String)
  case url(DocumentRequest, KeyRefresh)
}
