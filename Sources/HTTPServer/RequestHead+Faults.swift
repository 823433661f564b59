extension RequestHead {
  /// Why the request's end or host is ambiguous (RFC 9112, sections 2.2, 3.2, 5 and 6.3); nil if neither is. A request that a proxy
  /// and this server parse differently could smuggle another one past the proxy.
  var fault: StaticString? {
    guard isPlain else {
      return "the request has folded lines, bare line ends, or characters that are not allowed"
    }
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else { return "the request's version is unknown" }
    guard !method.isEmpty, method.utf8.allSatisfy(Self.isTokenByte) else {
      return "the request's method is malformed"
    }
    guard target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
      return "the request's target is malformed"
    }
    for (name, value) in headers {
      guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
        return "the name of a header field is malformed"
      }
      guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
        return "the value of a header field is malformed"
      }
    }
    return lengthFault ?? hostFault
  }

  private var lengthFault: StaticString? {
    let lengths = values(of: "content-length")
    let codings = values(of: "transfer-encoding")
    guard lengths.count <= 1 else { return "the request has several Content-Length fields" }
    guard lengths.isEmpty || codings.isEmpty else {
      return "the request has both Content-Length and Transfer-Encoding"
    }
    guard lengths.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isDigit) }) else {
      return "the request's Content-Length is malformed"
    }
    guard
      codings.isEmpty || version == "HTTP/1.1" && codings.count == 1 && codings[0].lowercased() == "chunked"
    else { return "the request's Transfer-Encoding is not understood" }
    return nil
  }

  private var hostFault: StaticString? {
    let hosts = values(of: "host")
    guard hosts.count <= 1 else { return "the request has several Host fields" }
    guard !hosts.isEmpty || version == "HTTP/1.0" else { return "the request has no Host field" }
    guard hosts.allSatisfy({ $0.utf8.allSatisfy(Self.isHostByte) }) else {
      return "the request's Host field is malformed"
    }
    return nil
  }

  private func values(of name: String) -> [String] {
    headers.filter { $0.name.utf8.elementsEqual(name.utf8, by: { $0 | 0x20 == $1 | 0x20 }) }.map(\.value)
  }

  /// RFC 9110, section 5.6.2.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    // The most frequent bytes are tested first.
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || "!#$%&'*+.^_`|~".utf8.contains(byte)
  }

  /// RFC 3986, section 3.2.2, with a port.
  private static func isHostByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte >= 0x80 || "-._~%!$&'()*+;=:[]".utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
