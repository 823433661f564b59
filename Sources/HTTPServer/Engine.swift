import CMicroHTTPD
import Synchronization

/// What libmicrohttpd's callbacks work on; all but `isStopping` are called on the server's thread.
final class Engine: Sendable {
  let limits: ServerLimits
  let connections: ConnectionTable
  let streams: LiveStreams
  private let handle: @Sendable (Request) -> Response
  private let stopping = Atomic(false)
  private let timer: SecondTimer

  init(_ limits: ServerLimits, _ handle: @escaping @Sendable (Request) -> Response) {
    self.limits = limits
    self.handle = handle
    connections = ConnectionTable(limits)
    streams = LiveStreams(limit: limits.streams)
    timer = SecondTimer { [connections, streams] in
      connections.shutDownLate(now: ConnectionTable.now)
      streams.endAbandoned()
    }
  }

  var isStopping: Bool { stopping.load(ordering: .acquiring) }
  func beginStop() { stopping.store(true, ordering: .releasing) }

  /// Called when a request's header fields are there, and again after its body.
  func handle(_ connection: Connection, _ method: String, _ exchange: Exchange) -> MHD_Result {
    let hasBody = connection.hasBody
    guard exchange.hasHeaders || hasBody else {
      exchange.hasHeaders = true
      connections.enter(.responding, connection.key)
      return .YES
    }
    let request = Request(
      method: method, target: exchange.target, headers: connection.headers, hasBody: hasBody)
    var response = request.map(handle) ?? .refusal(400, "Bad Request", "the request's target is malformed")
    // A body stays unread, so that nothing in it can be read as another request.
    if isStopping || hasBody { response.set("Connection", "close") }
    return send(response, on: connection, exchange)
  }

  private func send(_ response: Response, on connection: Connection, _ exchange: Exchange) -> MHD_Result {
    switch response.body {
    case .bytes(let bytes):
      return bytes.withUnsafeBytes { bytes in
        let made = MHD_create_response_from_buffer(
          bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
        return queue(made, response, connection)
      }
    case .stream(let stream):
      guard streams.insert(stream, connection.descriptor) else {
        stream.close()
        var busy = Response.refusal(503, "Service Unavailable", "too many streams are open")
        busy.set("Retry-After", "10")
        return send(busy, on: connection, exchange)
      }
      exchange.stream = stream
      connections.enter(.streaming, connection.key)
      return queue(StreamReader(stream, connection).makeResponse(), response, connection)
    }
  }

  private func queue(_ made: OpaquePointer?, _ response: Response, _ connection: Connection) -> MHD_Result {
    guard let made else { return .NO }
    defer { MHD_destroy_response(made) }
    for (name, value) in response.headers where MHD_add_response_header(made, name, value) != .YES {
      // A field that HTTP has no form for is a defect of the handler's, and better not sent than half.
      return .NO
    }
    return MHD_queue_response(connection.pointer, UInt32(response.status), made)
  }

  /// Called when an answer is sent, or never will be.
  func complete(_ connection: Connection, _ exchange: Exchange) {
    if let stream = exchange.stream {
      stream.close()
      streams.remove(stream)
    }
    connections.enter(.reading, connection.key)
  }
}

extension Response {
  /// A refusal (RFC 9457) whose texts need no escapes.
  fileprivate static func refusal(_ status: Int, _ title: StaticString, _ detail: StaticString) -> Response {
    let json = #"{"type":"about:blank","title":"\#(title)","status":\#(status),"detail":"\#(detail)"}"#
    return Response(status, "application/problem+json", Array(json.utf8))
  }
}
