import HTTPClient
import Testing

@Suite struct WebAddressTests {
  @Test(arguments: [
    "https://issuer.example/keys", "https://issuer.example:8443/a?b=c", "HTTPS://ISSUER.EXAMPLE",
    "https://10.0.0.1/",
    "http://localhost:8080/keys", "http://127.0.0.1/keys", "http://127.9.8.7:1/", "http://[::1]:8080/",
  ])
  func takes(_ text: String) { #expect(WebAddress(text)?.text == text) }

  @Test(arguments: [
    "", "issuer.example/keys", "http://issuer.example/keys", "file:///etc/passwd", "ftp://localhost/keys",
    "gopher://127.0.0.1/", "https://user:secret@issuer.example/", "https://user@issuer.example/",
    "https://issuer.example/#a", "http://127.0.0.1.evil.example/", "http://localhost.evil.example/",
    "http://127.0.0.1@evil.example/", "http://evil.example#127.0.0.1", "http://[::2]/", "https://",
    "https:///keys",
    "https://a b/", "https://issuer.example/\r\nX: y", "http://10.0.0.1/", "http://0.0.0.0/",
  ])
  func refuses(_ text: String) { #expect(WebAddress(text) == nil) }

  @Test(arguments: ["http://registry.example:8081", "http://10.0.0.1/a", "https://registry.example/a/"])
  func takesHTTPOfAnyHostWhereThatIsAllowed(_ text: String) throws {
    let address = try #require(WebAddress(text, allowsHTTP: true))
    #expect(!address.isLocal && address.isSecure == text.hasPrefix("https"))
    #expect(address.appending("b/c")?.text == (text.hasSuffix("/") ? "\(text)b/c" : "\(text)/b/c"))
  }

  @Test(arguments: [
    "http://user:secret@registry.example/", "ftp://registry.example/", "http://registry.example/#a",
  ])
  func refusesAllTheSame(_ text: String) { #expect(WebAddress(text, allowsHTTP: true) == nil) }
}
