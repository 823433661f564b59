import Dashboard
import HTTPClient
import HTTPServer
import Platform

/// The options for access control.
struct AccessSettings {
  var keyFile: String?
  var keyURL: WebAddress?
  var keyAuthorities: String?
  var keyRefresh = KeyRefresh()
  var issuer: String?
  var audience: String?
  var partnerClaim: String?
  var rolesClaim: String?
  var viewerRoles: [String] = []
  var detailRoles: [String] = []
  var administratorRoles: [String] = []
  var cookie: String?
  var hosts: [String] = []
  var signIn: SignInAddress?
  var origins = OriginSettings()
  var logFile: String?
  var minimumPartners = RangeRule().minimumPartners

  static func options<C>(_ path: WritableKeyPath<C, AccessSettings>) -> [Option<C>] {
    own.map { $0.within(path) }
  }

  private static var own: [Option<AccessSettings>] {
    let defaults = TokenSettings(keyFile: "", issuer: "", audience: "")
    return [
      .value(
        "jwks", "FILE", "require a JSON Web Token signed with one of these keys (a JSON Web Key Set)",
        \.keyFile, .text
      ).replacing("jwks-url", "jwks-ca"),
      .value(
        "jwks-url", "URL", "the same, with the keys at this address: https, or http on this machine",
        \.keyURL, .webAddress
      ).replacing("jwks"),
      .value(
        "jwks-ca", "FILE", "certificates to trust for --jwks-url in place of the system's (PEM)",
        \.keyAuthorities, .text),
      .value(
        "jwks-refresh", "SECONDS", "time between two fetches of the keys (default: \(KeyRefresh().seconds))",
        \.keyRefresh.seconds,
        .integer(10...86_400)),
      .value(
        "jwks-keep", "SECONDS",
        "how long to use the last keys while none can be fetched (default: \(KeyRefresh().keptSeconds))",
        \.keyRefresh.keptSeconds, .integer(10...31_536_000)),
      .value("issuer", "ISS", "required issuer (iss) of tokens", \.issuer, .text),
      .value("audience", "AUD", "required audience (aud) of tokens", \.audience, .text),
      .value(
        "partner-claim", "NAME",
        "claim with the partner's id, or a list of several; a dot leads to a member, as in user.partners (default: \(defaults.partnerClaim))",
        \.partnerClaim, .text),
      .value(
        "roles-claim", "NAME",
        "claim with the roles; a dot leads to a member, as in realm_access.roles (default: \(defaults.rolesClaim))",
        \.rolesClaim, .text),
      .values(
        "viewer-role", "ROLE",
        "role that may see the partners named in the token; repeatable (default: \(defaults.viewerRoles[0]))",
        \.viewerRoles,
        .text),
      .values(
        "detail-role", "ROLE",
        "role that may see these partners' users by name; repeatable (default: \(defaults.detailRoles[0]))",
        \.detailRoles, .text),
      .values(
        "administrator-role", "ROLE",
        "role that may see every partner; repeatable (default: \(defaults.administratorRoles[0]))",
        \.administratorRoles, .text),
      .value(
        "token-cookie", "NAME", "cookie that may hold the token (default: \(defaults.cookie))", \.cookie,
        .text),
      .value(
        "sign-in-url", "URL",
        "sign-in page that the page links to; {return} in its query is replaced by the address to return to",
        \.signIn, .signIn),
      .values(
        "frame-ancestors", "ORIGIN",
        "who may show the page in a frame: 'self' or an origin such as https://portal.example; repeatable (default: nobody)",
        \.origins.ancestors, .frameAncestor),
      .values(
        "cors-origin", "ORIGIN",
        "origin whose scripts may read the API, such as https://portal.example; repeatable (default: none)",
        \.origins.readers, .origin),
      .value(
        "access-log", "FILE",
        "file to which a line of JSON is appended for each access to partners' numbers; - for standard output",
        \.logFile, .text),
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
    guard keyFile == nil || keyURL == nil else {
      throw UsageError("--jwks and --jwks-url cannot be combined")
    }
    guard keyURL != nil || keyAuthorities == nil else { throw UsageError("--jwks-ca needs --jwks-url") }
    guard keyFile == nil, keyURL == nil else {
      guard issuer != nil, audience != nil else {
        throw UsageError("\(keyURL == nil ? "--jwks" : "--jwks-url") needs --issuer and --audience")
      }
      return
    }
    guard issuer == nil, audience == nil else {
      throw UsageError("--issuer and --audience need --jwks or --jwks-url")
    }
    guard signIn == nil else { throw UsageError("--sign-in-url needs --jwks or --jwks-url") }
    guard origins.readers.isEmpty else {
      throw UsageError(
        "--cors-origin lets pages of others read all partners, which needs --jwks or --jwks-url")
    }
    guard address.isLoopback else {
      throw UsageError("listening on \(address), which other machines can reach, needs --jwks or --jwks-url")
    }
    guard hosts.isEmpty else {
      throw UsageError("--host makes the server reachable through a proxy, which needs --jwks or --jwks-url")
    }
  }

  var rule: RangeRule { RangeRule(minimumPartners: minimumPartners) }

  var keys: KeyPlace? {
    if let keyURL { return .url(DocumentRequest(keyURL, authorities: keyAuthorities), keyRefresh) }
    return keyFile.map { .file($0) }
  }

  /// Throws if the certificates cannot be read; otherwise only the first fetch would fail.
  private func checkAuthorities() throws(Failure) {
    guard let keyAuthorities else { return }
    do throws(SystemError) {
      _ = try readFile(keyAuthorities)
    } catch {
      throw Failure("--jwks-ca: \(keyAuthorities) cannot be read: \(error)")
    }
  }

  /// Opens the access log.
  func makeLog(_ console: Console) throws -> LineFile? {
    guard let logFile else { return nil }
    do throws(LineFileError) {
      return try LineFile(logFile) { console.log($0) }
    } catch {
      throw Failure("--access-log: \(error)")
    }
  }

  /// Reads the keys.
  func makeControl(_ console: Console) throws -> AccessControl {
    try checkAuthorities()
    guard let keys, let issuer, let audience else { return .none }
    var settings = TokenSettings(keys: keys, issuer: issuer, audience: audience)
    if let partnerClaim { settings.partnerClaim = partnerClaim }
    if let rolesClaim { settings.rolesClaim = rolesClaim }
    if !viewerRoles.isEmpty { settings.viewerRoles = viewerRoles }
    if !detailRoles.isEmpty { settings.detailRoles = detailRoles }
    if !administratorRoles.isEmpty { settings.administratorRoles = administratorRoles }
    if let cookie { settings.cookie = cookie }
    return .tokens(try TokenAccess(settings) { console.log($0) })
  }
}

extension Console {
  func log(_ notice: AccessNotice) {
    switch notice {
    case .information(let text): log(.info, text)
    case .warning(let text): log(.warning, text)
    }
  }
}

extension OptionValue<WebAddress> {
  static var webAddress: Self {
    OptionValue(
      expectation: "an https address, or an http address on this machine, without user and password"
    ) {
      WebAddress($0)
    }
  }
}

extension OptionValue<SignInAddress> {
  static var signIn: Self {
    OptionValue(
      expectation:
        "an https address, or a path of this host, such as https://portal.example/login?back={return}"
    ) {
      SignInAddress($0)
    }
  }
}

extension OptionValue<FrameAncestor> {
  static var frameAncestor: Self {
    OptionValue(expectation: "'self' or an https origin, such as https://portal.example") {
      FrameAncestor($0)
    }
  }
}

extension OptionValue<WebOrigin> {
  static var origin: Self {
    OptionValue(expectation: "an https origin, such as https://portal.example") { WebOrigin($0) }
  }
}
