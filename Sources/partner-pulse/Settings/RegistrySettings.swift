import HTTPClient
import Platform
import SchemaRegistry

/// The options for a schema registry.
struct RegistrySettings {
  var address: WebAddress?
  var userInfoFile: String?
  var tokenFile: String?
  var authorities: String?
  var mustNotRegister = false

  static func options<C>(_ path: WritableKeyPath<C, RegistrySettings>) -> [Option<C>] {
    own.map { $0.within(path) }
  }

  private static var own: [Option<RegistrySettings>] {
    [
      .value(
        "schema-registry", "URL",
        "the schema registry of framed values: results get their schema ids from it, and events with a schema id that it does not have are rejected",
        \.address, .registryAddress),
      .value(
        "schema-registry-user-info", "FILE",
        "file with USER:PASSWORD for the registry (basic.auth.user.info)", \.userInfoFile, .text),
      .value(
        "schema-registry-token", "FILE", "file with a token for the registry (bearer.auth.token)",
        \.tokenFile, .text),
      .value(
        "schema-registry-ca", "FILE",
        "certificates to trust for the registry in place of the system's (PEM)", \.authorities, .text),
      .flag(
        "no-register-schemas", "only look schemas up, as with auto.register.schemas=false",
        \.mustNotRegister),
    ]
  }

  /// Throws for contradicting settings. `need` names the option that needs a registry, if there is one.
  func check(neededBy need: String?) throws(UsageError) {
    guard let address else {
      if let need { throw UsageError("\(need) needs --schema-registry") }
      let others = [
        ("--schema-registry-user-info", userInfoFile != nil), ("--schema-registry-token", tokenFile != nil),
        ("--schema-registry-ca", authorities != nil), ("--no-register-schemas", mustNotRegister),
      ]
      if let (name, _) = others.first(where: \.1) { throw UsageError("\(name) needs --schema-registry") }
      return
    }
    guard userInfoFile == nil || tokenFile == nil else {
      throw UsageError("--schema-registry-user-info and --schema-registry-token cannot be combined")
    }
    guard address.isSecure || address.isLocal || (userInfoFile == nil && tokenFile == nil) else {
      throw UsageError("--schema-registry: credentials are sent by https alone, or on this machine")
    }
  }

  /// A client of the registry; nil if none is named.
  func open() throws(UsageError) -> SchemaRegistry? {
    guard let address else { return nil }
    if let authorities { _ = try read(authorities, "--schema-registry-ca") }
    return SchemaRegistry(address, credentials: try credentials(), authorities: authorities)
  }

  private func credentials() throws(UsageError) -> Credentials? {
    if let tokenFile {
      return .bearer(token: try secret(tokenFile, "--schema-registry-token"))
    }
    guard let userInfoFile else { return nil }
    let text = try secret(userInfoFile, "--schema-registry-user-info")
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      throw UsageError("--schema-registry-user-info: \(userInfoFile) does not hold USER:PASSWORD")
    }
    return .basic(
      user: String(text[..<colon]), password: String(text[text.utf8.index(after: colon)...]))
  }

  /// The one line of a file.
  private func secret(_ file: String, _ option: String) throws(UsageError) -> String {
    var bytes = try read(file, option)
    while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
      bytes.removeLast()
    }
    // Control characters could inject header fields into requests.
    guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self),
      bytes.allSatisfy({ $0 >= 0x20 })
    else { throw UsageError("\(option): \(file) does not hold one line of text") }
    return text
  }

  private func read(_ file: String, _ option: String) throws(UsageError) -> [UInt8] {
    do throws(SystemError) {
      return try readFile(file, limit: 1 << 20)
    } catch {
      throw UsageError("\(option): \(file) cannot be read: \(error)")
    }
  }
}

extension OptionValue<WebAddress> {
  fileprivate static var registryAddress: Self {
    OptionValue(expectation: "an http or https address without user, password and query") {
      $0.contains("?") ? nil : WebAddress($0, allowsHTTP: true)
    }
  }
}
