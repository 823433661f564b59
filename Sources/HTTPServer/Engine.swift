import CMicroHTTPD
import Dispatch
import Synchronization

/// What libmicrohttpd's callbacks do. All but `beginStop` and `isStopping` is called on the server's thread.
final class Engine: Sendable {
  let limits: ServerLimits
  let connections: ConnectionTable
  let streams: LiveStreams
  let refusals = Refusals()
  private let isEssential: @Sendable (Request) -> Bool
  private let handle: @Sendable (Request) -> Response
  private let stopping = Atomic(false)
  private let timer: SecondTimer

  init(
    _ limits: ServerLimits, isEssential: @escaping @Sendable (Request) -> Bool,
    _ handle: @escaping @Sendable (Request) -> Response
  ) {
    self.limits = limits
    self.isEssential = isEssential
    self.handle = handle
    connections = ConnectionTable(limits, refusals)
    streams = LiveStreams(limit: limits.streams)
    timer = SecondTimer { [connections, streams] in
      connections.shutDownLate(now: ConnectionTable.now)
      streams.endAbandoned()
    }
  }

  var isStopping: Bool { stopping.load(ordering: .acquiring) }
  func beginStop() { stopping.store(true, ordering: .releasing) }

  /// Called when a request's header fields have arrived, and again once it is clear that no body follows.
  func handle(
    _ connection: Connection, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>,
    _ exchange: Exchange
  ) -> MHD_Result {
    if !exchange.hasHeaders {
      exchange.hasHeaders = true
      let (client, standing) = connections.begin(connection.key)
      let head = RequestHead(connection, method: method, exchange, version: version)
      let request =
        head.fault == nil
        ? Request(
          received: head.target, method: head.method, headers: head.headers, hasBody: connection.hasBody,
          client: client) : nil
      guard let request else {
        refusals.count(.ambiguous)
        let refusal = Response.refusal(
          400, "Bad Request", head.fault ?? "the request's target is malformed")
        return send(refusal.closing, on: connection, exchange)
      }
      exchange.request = request
      exchange.standing = standing
      if !request.hasBody { return .YES }
    }
    guard let request = exchange.request else { return .NO }
    let response = respond(to: request, exchange.standing)
    // A body is not read, so the connection is closed: nothing in the body can then be taken for another request.
    let isLast = isStopping || request.hasBody || exchange.standing != .regular
    return send(isLast ? response.closing : response, on: connection, exchange)
  }

  private func respond(to request: Request, _ standing: ConnectionTable.Standing) -> Response {
    if standing == .regular || isEssential(request) { return handle(request) }
    if standing == .beyondClient {
      refusals.count(.clientConnections)
      return .refusal(
        429, "Too Many Requests", "too many connections are open from your address", retryAfter: 5)
    }
    refusals.count(.connections)
    return .refusal(503, "Service Unavailable", "too many connections are open", retryAfter: 5)
  }

  private func send(_ response: Response, on connection: Connection, _ exchange: Exchange) -> MHD_Result {
    exchange.completed = exchange.completed ?? response.completed
    exchange.status = response.status
    switch response.body {
    case .bytes(let bytes):
      let hasBody = exchange.request?.method != "HEAD" && response.status != 304
      exchange.sentBytes = hasBody ? bytes.count : 0
      return bytes.withUnsafeBytes { bytes in
        let made = MHD_create_response_from_buffer(
          bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
        return queue(made, response, connection)
      }
    case .stream(let stream):
      guard streams.insert(stream, connection.descriptor) else {
        stream.close()
        refusals.count(.streams)
        return send(
          .refusal(503, "Service Unavailable", "too many streams are open", retryAfter: 10), on: connection,
          exchange)
      }
      exchange.stream = stream
      connections.enter(.streaming, connection.key)
      return queue(StreamReader(stream, connection, exchange).makeResponse(), response, connection)
    }
  }

  private func queue(_ made: OpaquePointer?, _ response: Response, _ connection: Connection) -> MHD_Result {
    guard let made else { return .NO }
    defer { MHD_destroy_response(made) }
    for (name, value) in response.headers where MHD_add_response_header(made, name, value) != .YES {
      // A header field that HTTP cannot express is a bug of the handler; no response is better than a partial one.
      return .NO
    }
    return MHD_queue_response(connection.pointer, UInt32(response.status), made)
  }

  /// Called when a response is sent, or never will be.
  func complete(_ connection: Connection, _ exchange: Exchange, isWhole: Bool) {
    if let stream = exchange.stream {
      stream.close()
      streams.remove(stream)
    }
    // For a stream the bytes that the library has taken are known, for another incomplete body nothing is.
    let bytes = isWhole || exchange.stream != nil ? exchange.sentBytes : nil
    exchange.completed?(Response.Completion(status: exchange.status, bytes: bytes))
    connections.enter(.reading, connection.key)
  }
}

extension Response {
  /// A refusal as problem details (RFC 9457). The texts must not need escaping in JSON.
  fileprivate static func refusal(
    _ status: Int, _ title: StaticString, _ detail: StaticString, retryAfter seconds: Int? = nil
  ) -> Response {
    let json = #"{"type":"about:blank","title":"\#(title)","status":\#(status),"detail":"\#(detail)"}"#
    var response = Response(status, "application/problem+json", Array(json.utf8))
    response.set("Cache-Control", "no-store")
    if let seconds { response.set("Retry-After", "\(seconds)") }
    return response
  }

  /// The response with a header field that closes the connection after it.
  fileprivate var closing: Response {
    var response = self
    response.set("Connection", "close")
    return response
  }
}

/// Calls a function every second on a system thread, until it is released.
final class SecondTimer: Sendable {
  // A dispatch source may be used on any thread; after the start it is only cancelled.
  private nonisolated(unsafe) let source: any DispatchSourceTimer

  init(_ body: @escaping @Sendable () -> Void) {
    // Its own queue gets a thread when it needs one; the global queue may be busy with other work.
    source = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "http-server-timer"))
    source.setEventHandler(handler: body)
    source.schedule(deadline: .now() + 1, repeating: 1)
    source.resume()
  }

  deinit { source.cancel() }
}
