import CXXHash
import Contract
import HTTPServer

/// Identifies a representation by a hash of its content (RFC 9110, 8.8.3): the same on every server and after a restart.
struct EntityTag: Hashable {
  /// 32 hexadecimal digits.
  let hex: String

  init(of bytes: [UInt8]) {
    let hash = bytes.withUnsafeBytes { xxh3_128($0.baseAddress, $0.count, 0) }
    hex = hash.high64.hexadecimal + hash.low64.hexadecimal
  }

  var quoted: String { "\"\(hex)\"" }

  /// Whether the request's `If-None-Match` has this tag.
  func isKnown(to request: Request) -> Bool {
    guard let header = request.header("If-None-Match") else { return false }
    return header.split(separator: ",").contains { item in
      let tag = item.drop { $0 == " " }
      return tag == "*" || tag == quoted || tag == "W/\(quoted)"
    }
  }
}

extension Response {
  /// The response with an entity tag, or a 304 if the client has that content already.
  func tagged(for request: Request) -> Response {
    guard status == 200, case .bytes(let bytes) = body else { return self }
    let tag = EntityTag(of: bytes)
    var tagged = tag.isKnown(to: request) ? Response(304, headers.filter { $0.name != "Content-Type" }) : self
    tagged.set("ETag", tag.quoted)
    return tagged
  }
}
