import Dashboard
import Foundation
import Testing

@Suite struct SignInTests {
  @Test(arguments: [
    "https://portal.example", "https://portal.example/login?back={return}", "https://portal.example:8443/a#b",
    "http://localhost:3000/?a={return}&b={return}", "/login", "/login?back={return}", "/",
  ])
  func takes(_ text: String) { #expect(SignInAddress(text) != nil) }

  @Test(arguments: [
    "", "portal.example", "http://portal.example/login", "javascript:alert(1)",
    "javascript://portal.example/%0aalert(1)",
    "data:text/html,x", "//evil.example", "/\\evil.example", "https://portal.example/{return}",
    "https://{return}",
    "https://portal.example/a b", "https://portal.example/\"onclick=", "https://portal.example/<x>",
    "https://portal.example?{other}", "https://user@portal.example/", "https://portal.example/\n",
    "https:///login",
    "https://p\u{f6}rtal.example/",
  ])
  func refuses(_ text: String) { #expect(SignInAddress(text) == nil) }

  private func page(_ target: String, signIn: String?) throws -> TestSite.Answer {
    let issuer = try Issuer(.p256, id: "1")
    let keyFile = NSTemporaryDirectory() + "jwks-\(UUID().uuidString).json"
    try Issuer.keySet([issuer]).write(toFile: keyFile, atomically: true, encoding: .utf8)
    let settings = TokenSettings(keyFile: keyFile, issuer: "portal", audience: "pulse")
    var page = PageSettings()
    page.signIn = signIn.flatMap { SignInAddress($0) }
    let site = TestSite(access: .tokens(try TokenAccess(settings, report: { _ in })), page: page)
    return site.get(target, headers: [("Accept", "text/html"), ("Accept-Language", "en")])
  }

  @Test func thePageSaysWhereToSignIn() throws {
    let answer = try page(
      "/?month=2026-11&product=a%26b", signIn: "https://portal.example/login?x=1&back={return}")
    #expect(answer.status == 401)
    #expect(
      answer.text.contains(
        "<a href=\"https://portal.example/login?x=1&amp;back=%2F%3Fmonth%3D2026-11%26product%3Da%2526b\">Sign in</a>"
      ))
    #expect(!answer.text.contains("partner portal"))
    #expect(
      try page("/explain?indicator=x", signIn: "/in?{return}").text.contains(
        "href=\"/in?%2Fexplain%3Findicator%3Dx\""))
    let unknown = try page("/", signIn: nil)
    #expect(!unknown.text.contains("<a ") && unknown.text.contains("partner portal"))
  }

  /// Whatever the request says, one comes back to this host, and nothing gets out of the link.
  @Test(arguments: [
    "/?a=%22%3E%3Cscript%3E", "/?next=https://evil.example&x=//evil", "/?a=%0d%0aSet-Cookie:x",
    "/?%7breturn%7d",
  ])
  func theReturnIsHarmless(_ target: String) throws {
    let text = try page(target, signIn: "https://portal.example/?back={return}").text
    let link = try #require(
      text.firstRange(of: "href=\"https://portal.example/?back=%2F").map {
        text[$0.upperBound...].prefix { $0 != "\"" }
      })
    #expect(
      link.utf8.allSatisfy {
        $0 == UInt8(ascii: "%") || $0 > 0x2c && $0 < 0x7f && !"<>&;:/=?".utf8.contains($0)
      })
  }

  @Test func aLongReturnIsThePageAlone() throws {
    let answer = try page("/?a=" + String(repeating: "x", count: 3000), signIn: "/in?back={return}")
    #expect(answer.text.contains("href=\"/in?back=%2F\""))
  }
}
