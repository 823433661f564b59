import Dashboard
import HTTPServer

/// The options for access control.
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
        "jwks", "FILE", "require a JSON Web Token signed with one of these keys (a JSON Web Key Set)",
        \.keyFile, .text),
      .value("issuer", "ISS", "required issuer (iss) of tokens", \.issuer, .text),
      .value("audience", "AUD", "required audience (aud) of tokens", \.audience, .text),
      .value(
        "partner-claim", "NAME", "claim with the partner's id (default: \(defaults.partnerClaim))",
        \.partnerClaim, .text),
      .value(
        "roles-claim", "NAME", "claim with the roles (default: \(defaults.rolesClaim))", \.rolesClaim,
        .text),
      .values(
        "viewer-role", "ROLE",
        "role that may see the partner named in the token; repeatable (default: \(defaults.viewerRoles[0]))",
        \.viewerRoles,
        .text),
      .values(
        "detail-role", "ROLE",
        "role that may see that partner's users by name; repeatable (default: \(defaults.detailRoles[0]))",
        \.detailRoles, .text),
      .values(
        "administrator-role", "ROLE",
        "role that may see every partner; repeatable (default: \(defaults.administratorRoles[0]))",
        \.administratorRoles, .text),
      .value(
        "token-cookie", "NAME", "cookie that may hold the token (default: \(defaults.cookie))", \.cookie,
        .text),
      .values(
        "host", "NAME", "accepted host name of requests, besides the address; repeatable", \.hosts, .text),
      .value(
        "minimum-partners", "N",
        "hide the range of a segment with fewer partners (default: \(RangeRule().minimumPartners))",
        \.minimumPartners, .integer(1...1_000_000)),
    ]
  }

  /// Throws for settings that would show all partners to everyone.
  func check(_ address: ListenAddress) throws(UsageError) {
    guard keyFile == nil else {
      guard issuer != nil, audience != nil else { throw UsageError("--jwks needs --issuer and --audience") }
      return
    }
    guard issuer == nil, audience == nil else { throw UsageError("--issuer and --audience need --jwks") }
    guard address.isLoopback else {
      throw UsageError("listening on \(address), which other machines can reach, needs --jwks")
    }
    guard hosts.isEmpty else {
      throw UsageError("--host makes the server reachable through a proxy, which needs --jwks")
    }
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
