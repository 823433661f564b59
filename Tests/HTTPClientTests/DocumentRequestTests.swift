import Glibc
import HTTPClient
import HTTPServer
import Testing

@Suite struct DocumentRequestTests {
  private let server: Server

  init() throws {
    server = try Server(ListenAddress(host: "127.0.0.1", port: 0)) { request in
      switch request.segments.first {
      case "keys":
        Response(200, "application/json", Array("{\"agent\":\"\(request.header("User-Agent") ?? "")\"}".utf8))
      case "echo":
        Response(
          request.method == "GET" ? 418 : 500, "text/plain",
          Array(
            ["Authorization", "Accept", "Content-Type"].map { request.header($0) ?? "-" }.joined(
              separator: "|"
            ).utf8))
      case "long": Response(200, "text/plain", [UInt8](repeating: 65, count: 2_000))
      case "endless":
        Response(
          200, [], body: .stream(ResponseStream(next: { .bytes([UInt8](repeating: 65, count: 1_000)) })))
      case "silent": Response(200, [], body: .stream(ResponseStream(next: { .wait })))
      case "away": Response(302, [("Location", "/keys")])
      case "file": Response(301, [("Location", "file:///etc/hostname")])
      default: Response(404, "text/plain", [])
      }
    }
  }

  private func request(_ path: String) throws -> DocumentRequest {
    DocumentRequest(try #require(WebAddress("http://127.0.0.1:\(server.address.port)/\(path)")))
  }

  private func failure(_ request: DocumentRequest, isCancelled: () -> Bool = { false }) -> String? {
    do throws(FetchError) {
      _ = try request.fetch(isCancelled: isCancelled)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func aDocumentIsFetched() throws {
    #expect(String(decoding: try request("keys").fetch(), as: UTF8.self) == "{\"agent\":\"partner-pulse\"}")
  }

  @Test func anotherStatusIsAFailure() throws {
    #expect(failure(try request("nothing"))?.contains("status 404") == true)
  }

  /// Bodies of requests are not the server's business, so what is sent is tested against the registry of the system tests.
  @Test(
    arguments: [
      (nil, "-"), (.basic(user: "us", password: "p:w"), "Basic dXM6cDp3"),
      (.bearer(token: "t0k"), "Bearer t0k"),
    ] as [(Credentials?, String)])
  func theAnswerOfAnyStatusIsThere(_ credentials: Credentials?, _ field: String) throws {
    var request = try request("echo")
    request.credentials = credentials
    request.mediaType = "application/vnd.x+json"
    let answer = try request.answer()
    #expect(answer.status == 418)
    #expect(String(decoding: answer.document, as: UTF8.self) == "\(field)|application/vnd.x+json|-")
  }

  @Test func aFaultOfConnectionMayPass() throws {
    let request = try request("keys")
    server.stop()
    let error = #expect(throws: FetchError.self) { try request.answer() }
    #expect(error?.mayPass == true)
  }

  @Test(arguments: ["away", "file"])
  func redirectsFromHTTPAreNotFollowed(_ path: String) throws {
    #expect(failure(try request(path))?.contains("status 30") == true)
  }

  @Test(arguments: ["long", "endless"])
  func aDocumentThatIsTooLongIsAFailure(_ path: String) throws {
    var request = try request(path)
    request.sizeLimit = 1_999
    #expect(failure(request)?.contains("more than 1999 bytes") == true)
    request.sizeLimit = 2_000
    if path == "long" { #expect(try request.fetch().count == 2_000) }
  }

  @Test func aServerThatSaysNothingIsLeft() throws {
    var request = try request("silent")
    request.totalSeconds = 1
    let start = ContinuousClock.now
    #expect(failure(request) != nil)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func whoWantsItNoMoreWaitsNoLonger() throws {
    let start = ContinuousClock.now
    #expect(failure(try request("silent"), isCancelled: { true }) != nil)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func whereNobodyListensIsAFailure() throws {
    let request = try request("keys")
    server.stop()
    #expect(failure(request)?.contains("connect") == true)
  }

  /// What is meant for this machine stays on it.
  @Test func noProxyOfTheEnvironmentIsAsked() throws {
    setenv("http_proxy", "http://127.0.0.1:1", 1)
    defer { unsetenv("http_proxy") }
    #expect(failure(try request("keys")) == nil)
  }
}
