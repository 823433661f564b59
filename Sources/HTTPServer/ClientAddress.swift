import Glibc

/// A client's address, without the port.
package struct ClientAddress: Hashable, Sendable, CustomStringConvertible {
  /// In numeric form; an IPv4-mapped IPv6 address is written as IPv4.
  package let text: String
  /// What limits count as one client: an IPv4 address, or the first 64 bits of an IPv6 address, since one host may use that whole
  /// network.
  package let network: String
  package let isLoopback: Bool

  package static let localhost = ClientAddress(ipv4: [127, 0, 0, 1])
  package static let unknown = ClientAddress(text: "", network: "", isLoopback: false)

  package var description: String { text }

  private init(text: String, network: String, isLoopback: Bool) {
    (self.text, self.network, self.isLoopback) = (text, network, isLoopback)
  }

  /// From four bytes in network order.
  package init(ipv4 bytes: [UInt8]) {
    let text = bytes.map { String($0) }.joined(separator: ".")
    self.init(text: text, network: text, isLoopback: bytes.first == 127)
  }

  /// From sixteen bytes in network order.
  package init(ipv6 bytes: [UInt8]) {
    let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
    guard !bytes.starts(with: mapped) else {
      self.init(ipv4: Array(bytes.suffix(4)))
      return
    }
    let isLoopback = bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    let network = Array(bytes.prefix(8)) + [UInt8](repeating: 0, count: 8)
    self.init(text: Self.text(bytes), network: "\(Self.text(network))/64", isLoopback: isLoopback)
  }

  /// From a socket address of either family.
  init(_ address: UnsafePointer<sockaddr>) {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      self = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
        withUnsafeBytes(of: address.pointee.sin_addr) { ClientAddress(ipv4: Array($0)) }
      }
    case AF_INET6:
      self = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
        withUnsafeBytes(of: address.pointee.sin6_addr) { ClientAddress(ipv6: Array($0)) }
      }
    default: self = .unknown
    }
  }

  private static func text(_ bytes: [UInt8]) -> String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    return bytes.withUnsafeBytes { bytes in
      inet_ntop(AF_INET6, bytes.baseAddress, &buffer, socklen_t(buffer.count)).map { String(cString: $0) }
        ?? ""
    }
  }
}
