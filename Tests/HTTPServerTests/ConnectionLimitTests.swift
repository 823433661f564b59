import Glibc
import HTTPServer
import Testing

@Suite struct ConnectionLimitTests {
  private static func server(_ change: (inout ServerLimits) -> Void) throws -> Server {
    var limits = ServerLimits()
    limits.isCounted = { _ in true }
    change(&limits)
    return try Server(
      ListenAddress(host: "127.0.0.1", port: 0), limits: limits, isEssential: { $0.segments == ["well"] }
    ) { request in
      request.segments == ["stream"]
        ? Response(200, [], body: .stream(ResponseStream(next: { .wait }))) : Response(200, "text/plain", [])
    }
  }

  /// Waits until the server knows of so many.
  private func wait(_ server: Server, connections: Int) {
    for _ in 0..<500 where server.connectionCount != connections { usleep(5_000) }
    #expect(server.connectionCount == connections)
  }

  private func stream(_ server: Server) -> Client {
    let client = Client(server.address)
    client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
    _ = client.read(until: "\r\n\r\n")
    return client
  }

  @Test func aClientWithTooManyIsTold() throws {
    let server = try Self.server { $0.connectionsPerClient = 2 }
    defer { server.stop() }
    var idle = [Client(server.address), Client(server.address)]
    wait(server, connections: 2)
    let refused = Client(server.address)
    refused.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /well HTTP/1.1\r\nHost: x\r\n\r\n")
    let text = refused.read()
    #expect(text.hasPrefix("HTTP/1.1 429 "))
    #expect(text.contains("Retry-After: 5\r\n") && text.contains("application/problem+json"))
    // One answer, after which the connection is closed.
    #expect(!text.contains(" 200 "))
    #expect(Client(server.address).get("/well").hasPrefix("HTTP/1.1 200 "))
    #expect(server.refusals[.clientConnections] == 1)
    idle.removeLast()
    wait(server, connections: 1)
    #expect(Client(server.address).get("/").hasPrefix("HTTP/1.1 200 "))
  }

  @Test func aClientWithFarTooManyIsCutOff() throws {
    let server = try Self.server { $0.connectionsPerClient = 2 }
    defer { server.stop() }
    let clients = (0..<40).map { _ in Client(server.address) }
    // Two that are served, and sixteen that are told; the others are cut off, some of them perhaps later than these are seen.
    let end = ContinuousClock.now + .seconds(10)
    while server.refusals[.clientConnections] != 22, .now < end { usleep(1_000) }
    wait(server, connections: 18)
    #expect(server.refusals[.clientConnections] == 22)
    withExtendedLifetime(clients) {}
  }

  @Test func whoeverWaitsLongestMakesRoom() throws {
    let server = try Self.server { $0.connections = 3 }
    defer { server.stop() }
    let first = Client(server.address)
    wait(server, connections: 1)
    let others = [stream(server), Client(server.address)]
    wait(server, connections: 3)
    #expect(Client(server.address).get("/").hasPrefix("HTTP/1.1 200 "))
    #expect(first.read() == "")
    #expect(server.refusals[.evicted] == 1)
    #expect(server.streamCount == 1)
    withExtendedLifetime(others) {}
  }

  /// Who has many makes room, and not who has waited longest with one.
  @Test func aStrangerShutsOutNobody() throws {
    let server = try Self.server { $0.connections = 4 }
    defer { server.stop() }
    let other = Client(server.address, from: "127.0.0.2")
    wait(server, connections: 1)
    let stranger = (0..<50).map { _ in Client(server.address) }
    for _ in 0..<500 where server.refusals[.evicted] != 47 { usleep(5_000) }
    #expect(server.refusals[.evicted] == 47)
    other.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(other.read().hasPrefix("HTTP/1.1 200 "))
    withExtendedLifetime(stranger) {}
  }

  /// Where every connection is at work, what tells whether the program is well is still answered.
  @Test func essentialRequestsAreAnsweredWhereAllConnectionsAreTaken() throws {
    let server = try Self.server { ($0.connections, $0.spareSeconds) = (3, 1) }
    defer { server.stop() }
    let streams = (0..<3).map { _ in stream(server) }
    for _ in 0..<5 {
      let refused = Client(server.address).get("/")
      #expect(refused.hasPrefix("HTTP/1.1 503 ") && refused.contains("Retry-After: 5\r\n"))
      #expect(Client(server.address).get("/well").hasPrefix("HTTP/1.1 200 "))
    }
    // Those beyond that ask nothing make room too.
    let idle = (0..<100).map { _ in Client(server.address) }
    #expect(Client(server.address).get("/well").hasPrefix("HTTP/1.1 200 "))
    #expect(server.refusals[.connections] == 5)
    withExtendedLifetime((streams, idle)) {}
  }
}
