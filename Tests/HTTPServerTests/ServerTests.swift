import Glibc
import HTTPServer
import Synchronization
import Testing

private let anywhere = ListenAddress(host: "127.0.0.1", port: 0)

@Suite struct ServerTests {
  @Test func answersWithWhatTheHandlerGives() throws {
    let server = try Server(anywhere) { request in
      Response(201, "text/plain", Array("\(request.segments) \(request.header("X-A") ?? "")".utf8))
    }
    defer { server.stop() }
    let answer = Client(server.address).get("/a/b", headers: "X-A: 7\r\n")
    #expect(answer.hasPrefix("HTTP/1.1 201 "))
    #expect(answer.hasSuffix("[\"a\", \"b\"] 7"))
  }

  @Test func leavesBodiesUnread() throws {
    let server = try Server(anywhere) { Response($0.hasBody ? 413 : 200, "text/plain", []) }
    defer { server.stop() }
    let client = Client(server.address)
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 27\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
    let answer = client.read()
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
    #expect(!answer.contains("HTTP/1.1 200"))
  }

  @Test func refusesLargeRequests() throws {
    let server = try Server(anywhere) { _ in Response(200, "text/plain", []) }
    defer { server.stop() }
    let large = String(repeating: "x", count: 64 << 10)
    #expect(Client(server.address).get("/", headers: "X: \(large)\r\n").hasPrefix("HTTP/1.1 431 "))
    #expect(Client(server.address).get("/\(large)").hasPrefix("HTTP/1.1 414 "))
  }

  @Test func shutsOutARequestThatDripsIn() throws {
    var limits = ServerLimits()
    limits.requestSeconds = 1
    let server = try Server(anywhere, limits: limits) { _ in Response(200, "text/plain", []) }
    defer { server.stop() }
    let client = Client(server.address)
    let start = ContinuousClock.now
    var isOpen = true
    for byte in "GET / HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa" where isOpen {
      client.send(String(byte))
      usleep(200_000)
      var one: UInt8 = 0
      isOpen = recv(client.descriptor, &one, 1, Int32(MSG_DONTWAIT)) != 0
    }
    #expect(!isOpen)
    #expect(ContinuousClock.now - start < .seconds(6))
  }

  @Test func streamsPiecesAsTheyCome() throws {
    let pieces = Mutex<[String]>([])
    let isClosed = Atomic(false)
    let stream = ResponseStream(
      next: {
        pieces.withLock { $0.isEmpty ? .wait : .bytes(Array($0.removeFirst().utf8)) }
      }, closed: { isClosed.store(true, ordering: .releasing) })
    let server = try Server(anywhere) { _ in Response(200, [], body: .stream(stream)) }
    defer { server.stop() }
    let client = Client(server.address)
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
    for text in ["one", "two", String(repeating: "long ", count: 10_000) + "end"] {
      pieces.withLock { $0.append(text) }
      stream.wake()
      #expect(client.read(until: String(text.suffix(3))).contains(text.suffix(3)))
    }
    server.stop()
    #expect(client.read().hasSuffix("0\r\n\r\n"))
    let wasClosed = isClosed.load(ordering: .acquiring)
    #expect(wasClosed)
    #expect(server.streamCount == 0)
  }

  @Test func aStreamThatIsNeverSentIsClosed() {
    let isClosed = Atomic(false)
    _ = ResponseStream(next: { .wait }, closed: { isClosed.store(true, ordering: .releasing) })
    let wasClosed = isClosed.load(ordering: .acquiring)
    #expect(wasClosed)
  }

  @Test func aReaderThatIsGoneEndsItsStream() throws {
    let isClosed = Atomic(false)
    let stream = ResponseStream(
      next: { .bytes(Array(repeating: 65, count: 1 << 16)) },
      closed: { isClosed.store(true, ordering: .releasing) })
    let server = try Server(anywhere) { _ in Response(200, [], body: .stream(stream)) }
    defer { server.stop() }
    do {
      let client = Client(server.address)
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      _ = client.read(until: "\r\n\r\n")
    }
    for _ in 0..<500 where !isClosed.load(ordering: .acquiring) { usleep(10_000) }
    let wasClosed = isClosed.load(ordering: .acquiring)
    #expect(wasClosed)
  }

  @Test func aStreamThatWaitsEndsWhenItsReaderIsGone() throws {
    let server = try Server(anywhere) { _ in
      Response(200, [], body: .stream(ResponseStream(next: { .wait })))
    }
    defer { server.stop() }
    do {
      let client = Client(server.address)
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      _ = client.read(until: "\r\n\r\n")
      #expect(server.streamCount == 1)
    }
    for _ in 0..<500 where server.streamCount > 0 { usleep(10_000) }
    #expect(server.streamCount == 0)
  }

  @Test func oneThatDoesNotReadHoldsNobodyUp() throws {
    let server = try Server(anywhere) { request in
      request.segments == ["stream"]
        ? Response(
          200, [], body: .stream(ResponseStream(next: { .bytes(Array(repeating: 65, count: 1 << 16)) })))
        : Response(200, "text/plain", Array("quick".utf8))
    }
    let slow = Client(server.address)
    slow.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
    _ = slow.read(until: "\r\n\r\n")
    for _ in 0..<20 { #expect(Client(server.address).get("/").hasSuffix("quick")) }
    _ = slow
  }

  @Test func streamsBeyondTheLimitAreRefused() throws {
    var limits = ServerLimits()
    limits.streams = 1
    let server = try Server(anywhere, limits: limits) { _ in
      Response(200, [], body: .stream(ResponseStream(next: { .wait })))
    }
    defer { server.stop() }
    let first = Client(server.address)
    first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    _ = first.read(until: "\r\n\r\n")
    #expect(Client(server.address).get("/").hasPrefix("HTTP/1.1 503 "))
    _ = first
  }

  @Test func anAddressInUseIsAnError() throws {
    let server = try Server(anywhere) { _ in Response(200, "text/plain", []) }
    defer { server.stop() }
    #expect(throws: ServerError.self) { try Server(server.address) { _ in Response(200, "text/plain", []) } }
  }
}
