import HTTPServer
import Testing

@Suite struct ListenAddressTests {
  @Test(arguments: [
    ("127.0.0.1:8080", true), ("localhost:0", true), ("[::1]:8080", true), ("127.9.9.9:1", true),
    ("0.0.0.0:8080", false), ("[::]:8080", false), ("192.168.1.4:80", false),
    ("[::ffff:127.0.0.1]:80", false),
  ])
  func reads(_ text: String, _ isLoopback: Bool) throws {
    let address = try #require(ListenAddress(text))
    #expect(address.description == text)
    #expect(address.isLoopback == isLoopback)
  }

  @Test(arguments: [
    "", "8080", ":8080", "127.0.0.1", "127.1:80", "127.0.0.1:", "127.0.0.1:65536", "127.evil.example:80",
    "::1:8080", "[127.0.0.1]:80", "example.com:80",
  ])
  func refuses(_ text: String) { #expect(ListenAddress(text) == nil) }
}
