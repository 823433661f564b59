import Dashboard
import Glibc
import HTTPServer

/// What comes over a connection to the server: requests, or anything else.
final class ServerTarget: FuzzTarget {
  static let name = "http"
  private let server: Server
  private var runs = 0

  init() throws {
    let site = FuzzSite(access: .none).site
    var limits = ServerLimits()
    limits.stopSeconds = 1
    server = try Server(ListenAddress(host: "127.0.0.1", port: 0), limits: limits) { site.respond(to: $0) }
  }

  func run(_ input: UnsafeRawBufferPointer) {
    let answer = exchange(input)
    expect(answer.isEmpty || Self.isAnswer(answer), "no answer of HTTP: \(Self.text(answer))")
    runs += 1
    if runs % 64 == 1 { checkAlive() }
  }

  /// Whatever came before, the next one is served.
  private func checkAlive() {
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    let answer = Array(request.utf8).withUnsafeBytes { exchange($0, patience: 60_000) }
    expect(Self.text(answer).hasPrefix("HTTP/1.1 200 "), "the server has no answer: \(Self.text(answer))")
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func isAnswer(_ answer: [UInt8]) -> Bool {
    let start = Array("HTTP/1.1 ".utf8)
    let old = Array("HTTP/1.0 ".utf8)
    guard answer.starts(with: start) || answer.starts(with: old) else { return false }
    guard let status = Int(text(Array(answer.dropFirst(start.count).prefix(3)))) else { return false }
    return (100..<600).contains(status)
  }

  /// Sends `bytes` and returns what is answered, as long as it comes without a pause.
  private func exchange(_ bytes: UnsafeRawBufferPointer, patience: Int32 = 20) -> [UInt8] {
    let descriptor = connect()
    defer { close(descriptor) }
    var sent = 0
    while sent < bytes.count {
      let count = send(
        descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      // It may have closed already.
      guard count > 0 else { break }
      sent += count
    }
    shutdown(descriptor, Int32(SHUT_WR))
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    // Whoever asks for more than one thing at once may get it a moment later.
    while isReadable(descriptor, within: Self.isComplete(answer) ? 1 : patience) {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      answer += buffer[..<count]
      if Self.text(answer).contains("text/event-stream") { break }
    }
    return answer
  }

  /// Waits for up to some milliseconds, anew if interrupted, as libFuzzer's clock does now and then.
  private func isReadable(_ descriptor: Int32, within patience: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var ready: Int32
    repeat { ready = poll(&waiting, 1, patience) } while ready < 0 && errno == EINTR
    return ready == 1
  }

  /// Whether the header fields of the first answer are there, and as much of a body as they say.
  private static func isComplete(_ answer: [UInt8]) -> Bool {
    let parts = text(answer).split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    let length = parts[0].split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
    return parts[1].utf8.count >= length.flatMap { Int($0.dropFirst(16)) } ?? 0
  }

  private func connect() -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    // Closed at once, since ports that wait would run out.
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = server.address.port.bigEndian
    target.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let connected = withUnsafeBytes(of: &target) {
      Glibc.connect(
        descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count))
    }
    expect(connected == 0, "no connection: \(String(cString: strerror(errno)))")
    return descriptor
  }

  static func seeds() throws -> [[UInt8]] {
    let requests = [
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      "HEAD /api/v1/partners?limit=1 HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n",
      "GET /api/v1/partners/partner-1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: a\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /readyz HTTP/1.0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
      "PUT / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: localhost\r\nAccept-Language: fr\r\nX: a\r\n b\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nCookie: a=b; c=\"d\"\r\n\r\n",
    ]
    return requests.map { Array($0.utf8) }
  }
}
