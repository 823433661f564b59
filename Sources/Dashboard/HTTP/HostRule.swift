import HTTPServer

/// Which names the `Host` field of a request may have. Otherwise a foreign page could let its own name resolve to a loopback
/// address, and read what a browser on this machine may read (DNS rebinding).
package struct HostRule: Sendable {
  /// In lower case, without ports; nil for any.
  private let names: Set<String>?

  /// On a loopback address: its usual names and `more`. On another: `more`, or any name if that is empty.
  package init(for address: ListenAddress, more: [String] = []) {
    let more = more.map { $0.lowercased() }
    if address.isLoopback {
      names = Set(["localhost", "127.0.0.1", "[::1]", Self.host(of: address.description)] + more)
    } else {
      names = more.isEmpty ? nil : Set(more)
    }
  }

  package func accepts(_ request: Request) -> Bool {
    guard let names else { return true }
    return request.header("Host").map { names.contains(Self.host(of: $0.lowercased())) } ?? false
  }

  /// The part before the port.
  private static func host(of text: String) -> String {
    guard let colon = text.lastIndex(of: ":"), text.last != "]" else { return text }
    return String(text[..<colon])
  }
}
