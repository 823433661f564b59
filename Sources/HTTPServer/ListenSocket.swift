import Glibc
import Platform

/// A server could not be started.
package struct ServerError: Error, CustomStringConvertible {
  package let description: String
}

/// A listening socket. The owner closes it.
struct ListenSocket {
  let descriptor: Int32
  /// With the port that the system chose, if that was asked for.
  let address: ListenAddress

  init(_ wanted: ListenAddress) throws(ServerError) {
    let isIPv6 = wanted.host.contains(":")
    let descriptor = socket(
      isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Self.error("cannot create a socket", wanted) }
    var one: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    let isBound = isIPv6 ? Self.bindIPv6(descriptor, wanted) : Self.bindIPv4(descriptor, wanted)
    guard isBound, listen(descriptor, SOMAXCONN) == 0 else {
      let error = Self.error("cannot listen on \(wanted)", wanted)
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    address = ListenAddress(host: wanted.host, port: Self.port(of: descriptor) ?? wanted.port)
  }

  private static func error(_ what: String, _ wanted: ListenAddress) -> ServerError {
    ServerError(description: "\(what): \(SystemError())")
  }

  private static func bindIPv4(_ descriptor: Int32, _ wanted: ListenAddress) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = wanted.port.bigEndian
    guard inet_pton(AF_INET, wanted.host == "localhost" ? "127.0.0.1" : wanted.host, &address.sin_addr) == 1
    else { return false }
    return withUnsafeBytes(of: &address) { bindTo(descriptor, $0) }
  }

  private static func bindIPv6(_ descriptor: Int32, _ wanted: ListenAddress) -> Bool {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = wanted.port.bigEndian
    guard inet_pton(AF_INET6, wanted.host, &address.sin6_addr) == 1 else { return false }
    return withUnsafeBytes(of: &address) { bindTo(descriptor, $0) }
  }

  private static func bindTo(_ descriptor: Int32, _ address: UnsafeRawBufferPointer) -> Bool {
    bind(descriptor, address.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(address.count))
      == 0
  }

  private static func port(of descriptor: Int32) -> UInt16? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &storage) { bytes in
      let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
      guard let address, getsockname(descriptor, address, &length) == 0 else { return nil }
      // At the same place in both families.
      return UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
    }
  }
}
