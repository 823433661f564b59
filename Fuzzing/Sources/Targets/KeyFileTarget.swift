import Dashboard

/// The file of the keys that tokens are signed with.
struct KeyFileTarget: FuzzTarget {
  static let name = "keys"
  private let file = MemoryFile()
  private let forged: String

  init() throws { forged = FuzzIssuer(FuzzIssuer.strangersKey).token(Array(FuzzIssuer.claims.utf8)) ?? "" }

  func run(_ input: UnsafeRawBufferPointer) {
    file.write(input)
    var settings = FuzzIssuer.settings
    settings.keys = .file(file.path)
    do {
      let verifier = try TokenVerifier(settings, now: 1_800_000_000, report: { _ in })
      expect((try? verifier.viewer(of: forged, now: 1_800_000_000)) == nil, "a stranger's token is taken")
      _ = try? verifier.viewer(of: FuzzIssuer.rsaToken, now: 1_800_000_000)
    } catch {
      expect(!error.description.isEmpty, "keys are refused without a reason")
    }
  }

  static func seeds() throws -> [[UInt8]] {
    [
      FuzzIssuer.keySet, #"{"keys":[]}"#, #"{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"EC","crv":"P-384"}]}"#,
      #"{"keys":[{"kty":"EC","crv":"P-256","use":"enc"}],"more":[{"a":1.5e3}]}"#,
    ].map { Array($0.utf8) }
  }
}
