import HTTPServer
import Testing

@Suite struct RequestTests {
  @Test func decodesPathAndQuery() throws {
    let request = try #require(
      Request(method: "GET", target: "/partners/a%2Fb%20c/x?month=2026-11&product=a+b%2B&empty&=v"))
    #expect(request.segments == ["partners", "a/b c", "x"])
    #expect(request.query.map(\.name) == ["month", "product", "empty", ""])
    #expect(request.query.map(\.value) == ["2026-11", "a b+", "", "v"])
  }

  @Test(arguments: ["", "*", "http://host/", "/%", "/%4", "/%zz", "/%00", "/%ff", "/?a=%e2%82"])
  func refuses(_ target: String) {
    #expect(Request(method: "GET", target: target) == nil)
  }

  @Test func findsHeadersInAnyCase() throws {
    let request = try #require(
      Request(method: "GET", target: "/", headers: [("x-One", "1"), ("X-ONE", "2")]))
    #expect(request.header("X-One") == "1")
    #expect(request.header("X-On") == nil)
  }

  @Test func findsCookies() throws {
    let request = try #require(
      Request(method: "GET", target: "/", headers: [("cookie", "a=1; token=x=y; tokens=z")]))
    #expect(request.cookie("token") == "x=y")
    #expect(request.cookie("a") == "1")
    #expect(request.cookie("Token") == nil)
    // As bytes: a sign and a combining mark after it are two things.
    let marked = try #require(
      Request(method: "GET", target: "/", headers: [("Cookie", "a=1;\u{301}b=2;token=\u{301}x")]))
    #expect(marked.cookie("token") == "\u{301}x")
    #expect(marked.cookie("a") == "1")
  }
}
