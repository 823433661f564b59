/// Values that nobody but the program is to see.
enum Secret {
  static let mask = "(hidden)"

  /// The value of an option as it may be shown: without what is secret, by the option's name, by the key of KEY=VALUE, or as the
  /// password in an address.
  static func masking(_ text: String, of definition: OptionDefinition) -> String {
    if isSecret(definition.name) { return mask }
    guard definition.kind == .table, let sign = text.firstIndex(of: "=") else { return maskingPassword(text) }
    let (key, value) = (text[..<sign], text[text.index(after: sign)...])
    return "\(key)=\(isSecret(key) ? mask : maskingPassword(value))"
  }

  /// The properties of librdkafka with key material are named here; those with passwords say so.
  private static func isSecret(_ name: some StringProtocol) -> Bool {
    let name = name.lowercased()
    return ["password", "secret", "passphrase"].contains { name.contains($0) }
      || ["ssl.key.pem", "sasl.oauthbearer.config"].contains(name)
  }

  /// Masks the password of scheme://user:password@host.
  private static func maskingPassword(_ text: some StringProtocol) -> String {
    guard let scheme = text.firstRange(of: "://") else { return String(text) }
    let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
      return String(text)
    }
    return text[...colon] + mask + text[at...]
  }
}
