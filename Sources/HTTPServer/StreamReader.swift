import CMicroHTTPD

/// Passes a stream's pieces to a connection. Owned by the response, whose destruction frees it.
final class StreamReader {
  private let stream: ResponseStream
  private let connection: Connection
  private let exchange: Exchange
  private static let blockSize = 4096

  init(_ stream: ResponseStream, _ connection: Connection, _ exchange: Exchange) {
    self.stream = stream
    self.connection = connection
    self.exchange = exchange
  }

  func makeResponse() -> OpaquePointer? {
    let retained = Unmanaged.passRetained(self)
    let made = MHD_create_response_from_callback(
      UInt64.max, Self.blockSize,
      { context, _, buffer, room in
        guard let context, let buffer else { return -1 }
        return Unmanaged<StreamReader>.fromOpaque(context).takeUnretainedValue().read(buffer, room)
      }, retained.toOpaque(),
      { context in
        if let context { Unmanaged<StreamReader>.fromOpaque(context).release() }
      })
    if made == nil { retained.release() }
    return made
  }

  private func read(_ buffer: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
    let target = UnsafeMutableRawBufferPointer(start: buffer, count: room)
    let filled = stream.fill(target, suspend: connection.suspend) { [connection] in connection.resume() }
    switch filled {
    case .bytes(let count):
      exchange.sentBytes += count
      return count
    case .wait: return 0
    // MHD_CONTENT_READER_END_OF_STREAM, a macro that Swift does not import.
    case .end: return -1
    }
  }
}
