import Dashboard
import HTTPServer

/// Who may see what.
struct AccessSettings {
  var keyFile: String?
  var issuer: String?
  var audience: String?
  var partnerClaim: String?
  var rolesClaim: String?
  var viewerRoles: [String] = []
  var detailRoles: [String] = []
  var administratorRoles: [String] = []
  var cookie: String?
  var hosts: [String] = []
  var minimumPartners = RangeRule().minimumPartners

  static func options<C>(_ path: WritableKeyPath<C, AccessSettings>) -> [Option<C>] {
    own.map { $0.within(path) }
  }

  private static var own: [Option<AccessSettings>] {
    let defaults = TokenSettings(keyFile: "", issuer: "", audience: "")
    return [
      .value(
        "jwks", "FILE", "only who brings a JSON Web Token signed with one of these keys may see anything",
        \.keyFile, .text),
      .value("issuer", "ISS", "the issuer that tokens must name", \.issuer, .text),
      .value("audience", "AUD", "the audience that tokens must name", \.audience, .text),
      .value(
        "partner-claim", "NAME", "the claim with the partner's id (default: \(defaults.partnerClaim))",
        \.partnerClaim, .text),
      .value(
        "roles-claim", "NAME", "the claim with the roles (default: \(defaults.rolesClaim))", \.rolesClaim,
        .text),
      .values(
        "viewer-role", "ROLE",
        "sees the partner of the token; repeatable (default: \(defaults.viewerRoles[0]))", \.viewerRoles,
        .text),
      .values(
        "detail-role", "ROLE",
        "sees that partner's users by name in explanations; repeatable (default: \(defaults.detailRoles[0]))",
        \.detailRoles, .text),
      .values(
        "administrator-role", "ROLE",
        "may choose any partner; repeatable (default: \(defaults.administratorRoles[0]))",
        \.administratorRoles, .text),
      .value(
        "token-cookie", "NAME", "the cookie that may hold the token (default: \(defaults.cookie))", \.cookie,
        .text),
      .values("host", "NAME", "a name that requests may call the server by; repeatable", \.hosts, .text),
      .value(
        "minimum-partners", "N",
        "the range of a segment with fewer partners is withheld (default: \(RangeRule().minimumPartners))",
        \.minimumPartners, .integer(1...1_000_000)),
    ]
  }

  /// Throws for settings that would show everything to everybody.
  func check(_ address: ListenAddress) throws(UsageError) {
    guard keyFile == nil else {
      guard issuer != nil, audience != nil else { throw UsageError("--jwks needs --issuer and --audience") }
      return
    }
    guard issuer == nil, audience == nil else { throw UsageError("--issuer and --audience need --jwks") }
    guard address.isLoopback else {
      throw UsageError("\(address) can be reached from other machines; that needs --jwks")
    }
    guard hosts.isEmpty else { throw UsageError("--host lets others in through a proxy; that needs --jwks") }
  }

  var rule: RangeRule { RangeRule(minimumPartners: minimumPartners) }

  /// Reads the keys.
  func makeControl(_ console: Console) throws -> AccessControl {
    guard let keyFile, let issuer, let audience else { return .none }
    var settings = TokenSettings(keyFile: keyFile, issuer: issuer, audience: audience)
    if let partnerClaim { settings.partnerClaim = partnerClaim }
    if let rolesClaim { settings.rolesClaim = rolesClaim }
    if !viewerRoles.isEmpty { settings.viewerRoles = viewerRoles }
    if !detailRoles.isEmpty { settings.detailRoles = detailRoles }
    if !administratorRoles.isEmpty { settings.administratorRoles = administratorRoles }
    if let cookie { settings.cookie = cookie }
    return .tokens(try TokenAccess(settings) { console.log(.info, $0) })
  }
}
