import Glibc
import HTTPServer
import Synchronization
import Testing

/// What others might read as another request than the server does.
@Suite struct FramingTests {
  /// How it begins and ends where a test says nothing else.
  private static let host = "Host: x\r\n"
  private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

  private final class Seen: Sendable {
    let targets = Mutex<[[String]]>([])
  }

  private let seen = Seen()
  private let server: Server

  init() throws {
    server = try Server(ListenAddress(host: "127.0.0.1", port: 0)) { [seen] request in
      seen.targets.withLock { $0.append(request.segments) }
      return Response(request.hasBody ? 413 : 200, "text/plain", [])
    }
  }

  private func answer(_ text: String) -> String {
    let client = Client(server.address)
    client.send(text)
    defer { server.stop() }
    return client.read()
  }

  @Test(arguments: [
    "Content-Length: 0\r\nContent-Length: 0", "Content-Length: 0\r\nContent-Length: 36",
    "Content-Length: 36\r\ncontent-length: 0", "Content-Length: 36\r\nTransfer-Encoding: chunked",
    "Content-Length: 0\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 36",
    "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Content-Length : 36",
    "Content-Length\t: 36",
    "X : y", "Transfer-Encoding : chunked", "Host: y", "Host: x", "host: y", "X: a\r\n b",
    "X: a\r\n Content-Length: 36", "X: a\r\n\tb", "X: a\r\n ", "X: a\r\n \r\n ", "X:\r\n b", "X: \r\n\tb",
    "Content-Length:\r\n 36", "Conten: 36\r\n t-Length", "Transfer-Encoding:\r\n chunked",
    "X: a\nContent-Length: 36", "X: a\nY: b", "X: a\n", "X: a\rContent-Length: 36", "X: a\r", "X: \u{1}",
    "X: \u{7f}", "X: a\0b", "X\0: a", "Content-Length: 0\u{0}36", ": a", "X Y: a", "X", "(X): a",
    "Content-Length: -1", "Content-Length: +36", "Content-Length: 0x24", "Content-Length: 36, 36",
    "Content-Length:",
  ])
  func anAmbiguousHeadIsRefused(_ lines: String) {
    let text = answer("GET /seen HTTP/1.1\r\n\(Self.host)\(lines)\r\n\r\n\(Self.smuggled)")
    #expect(text.hasPrefix("HTTP/1.1 400 "))
    #expect(!text.contains("HTTP/1.1 200 "))
    #expect(seen.targets.withLock { $0 }.isEmpty)
  }

  @Test(arguments: [
    "GET /seen HTTP/1.1\r\n\r\n", "GET /seen HTTP/1.1\r\n Host: x\r\n\r\n", "GET /seen HTTP/1.1\nHost: x\n\n",
    "GET /seen HTTP/1.1\r\nHost: x\n\r\n", "GET /seen HTTP/1.1\r\nHost: x\r\n\n",
    "GET  /seen HTTP/1.1\r\nHost: x\r\n\r\n", "GET /seen  HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /seen HTTP/1.1 \r\nHost: x\r\n\r\n", "GET /seen a HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /seen\0a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /se\u{7f}en HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /seen HTTP/1.2\r\nHost: x\r\n\r\n", "GET /seen http/1.1\r\nHost: x\r\n\r\n",
    "G@T /seen HTTP/1.1\r\nHost: x\r\n\r\n", "GET http://x/seen HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET * HTTP/1.1\r\nHost: x\r\n\r\n", "GET /seen HTTP/1.1\r\nHost: a, b\r\n\r\n",
    "GET /seen HTTP/1.1\r\nHost: a/b\r\n\r\n", "GET /seen HTTP/1.1\r\nHost: a@b\r\n\r\n",
    "GET /seen HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "GET /seen\r\nHost: x\r\n\r\n",
  ])
  func aRequestThatIsNotPlainIsRefused(_ request: String) {
    let text = answer(request + Self.smuggled)
    #expect(text.hasPrefix("HTTP/1.1 400 "))
    #expect(!text.contains("HTTP/1.1 200 "))
    #expect(seen.targets.withLock { $0 }.isEmpty)
  }

  @Test(arguments: [
    "Content-Length: 36", "Transfer-Encoding: chunked", "Content-Length: 00",
    "Expect: x\r\nContent-Length: 36",
  ])
  func nothingInABodyIsARequest(_ lines: String) {
    let text = answer("GET /seen HTTP/1.1\r\n\(Self.host)\(lines)\r\n\r\n\(Self.smuggled)")
    #expect(text.hasPrefix("HTTP/1.1 413 "))
    #expect(seen.targets.withLock { $0 } == [["seen"]])
  }

  @Test(arguments: [
    "X:a", "X: a", "X:   a", "X:\ta", "X:", "X: ", "X: a ", "X: a\tb", "X: \u{e9}", "Content-Length: 0",
    "X: a:b\r\nY: c\r\nX: d", "Connection: Upgrade\r\nUpgrade: h2c",
  ])
  func aPlainHeadIsTaken(_ lines: String) {
    let text = answer(
      "GET /one HTTP/1.1\r\n\(Self.host)\(lines)\r\n\r\nGET /two HTTP/1.1\r\nConnection: close\r\n\(Self.host)\r\n"
    )
    #expect(!text.contains(" 400 "))
    #expect(seen.targets.withLock { $0 } == [["one"], ["two"]])
  }

  /// However it arrives, and however often the library has to make room for it.
  @Test(arguments: [1, 7, 1000, 5000])
  func aLongHeadIsTakenHoweverItArrives(_ step: Int) {
    let client = Client(server.address)
    defer { server.stop() }
    let fields = (0..<100).map { "X-\($0): \(String(repeating: "v", count: step > 1 ? 150 : 10))\r\n" }
      .joined()
    let request = Array("GET /long?a=b&c=%20 HTTP/1.1\r\n\(Self.host)Cookie: a=b; c=d\r\n\(fields)\r\n".utf8)
    for _ in 0..<2 {
      for start in stride(from: 0, to: request.count, by: step) {
        client.send(String(decoding: request[start..<min(start + step, request.count)], as: UTF8.self))
        if start % 1000 == 0 { usleep(1000) }
      }
      #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
    }
  }
}
