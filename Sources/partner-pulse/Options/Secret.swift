/// Hides secret option values in output.
enum Secret {
  static let mask = "(hidden)"

  /// The value of an option with secrets masked: values whose option, or key in KEY=VALUE, has the name of a secret, and
  /// passwords in addresses.
  static func masking(_ text: String, of definition: OptionDefinition) -> String {
    if isSecret(definition.name) { return mask }
    guard definition.kind == .table, let sign = text.firstIndex(of: "=") else { return maskingPassword(text) }
    let (key, value) = (text[..<sign], text[text.index(after: sign)...])
    return "\(key)=\(isSecret(key) ? mask : maskingPassword(value))"
  }

  /// librdkafka's properties for passwords have telling names; those with keys and tokens are listed.
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
