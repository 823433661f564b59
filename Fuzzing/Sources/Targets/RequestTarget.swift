import Contract
import Dashboard
import HTTPServer

/// A request as libmicrohttpd hands it on: flags in the first byte, then a line of method and target, then header fields
/// a line each.
struct RequestTarget: FuzzTarget {
  static let name = "requests"
  private let open = FuzzSite(access: .none)
  private let guarded: FuzzSite
  private let keys = MemoryFile()
  private let token: String

  private static let isGuarded: UInt8 = 1
  private static let hasToken: UInt8 = 2
  private static let hasBody: UInt8 = 4
  private static let statuses: Set<Int> = [200, 302, 304, 400, 401, 403, 404, 405, 413, 421, 429, 503]

  init() throws {
    guarded = try FuzzSite.withTokens(keys)
    token = FuzzIssuer().token(Array(FuzzIssuer.claims.utf8)) ?? ""
  }

  func run(_ input: UnsafeRawBufferPointer) {
    guard let flags = input.first else { return }
    guard let request = request(flags, input.dropFirst()) else { return }
    let isGuarded = flags & Self.isGuarded != 0
    let response = (isGuarded ? guarded : open).site.respond(to: request)
    check(response)
    let body = body(of: response)
    if isGuarded, !input.contains(FuzzSite.secret) {
      expect(!body.contains(FuzzSite.secret), "a partner sees what is not its own")
    }
  }

  private func request(_ flags: UInt8, _ text: Slice<UnsafeRawBufferPointer>) -> Request? {
    // What libmicrohttpd hands on has no NUL, and its lines have no line ends.
    let lines = text.split(separator: 10, omittingEmptySubsequences: false).map { line in
      String(decoding: line.prefix { $0 != 0 && $0 != 13 }, as: UTF8.self)
    }
    let first = (lines.first ?? "").split(separator: " ", maxSplits: 1)
    guard first.count == 2 else { return nil }
    var headers: [(name: String, value: String)] = lines.dropFirst().map { line in
      let sides = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(sides[0]), sides.count > 1 ? String(sides[1].drop { $0 == " " }) : "")
    }
    if flags & Self.hasToken != 0 { headers.insert(("Authorization", "Bearer \(token)"), at: 0) }
    headers.append(("Host", "localhost"))
    return Request(
      method: String(first[0]), target: String(first[1]), headers: headers,
      hasBody: flags & Self.hasBody != 0)
  }

  private func check(_ response: Response) {
    expect(Self.statuses.contains(response.status), "status \(response.status)")
    for (name, value) in response.headers {
      expect(!name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "header field \(name)")
      expect(
        !value.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "header field \(name): \(value.debugDescription)")
    }
    let type = response.headers.first { $0.name == "Content-Type" }?.value ?? ""
    if type.hasSuffix("json"), case .bytes(let bytes) = response.body {
      let isJSON = bytes.withUnsafeBytes { bytes in
        var reader = JSONReader(bytes)
        return (try? reader.value()) != nil && (try? reader.end()) != nil
      }
      expect(isJSON, "no JSON: \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  /// The body; of a stream what is there at once.
  private func body(of response: Response) -> String {
    switch response.body {
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .stream(let stream):
      defer { stream.close() }
      var text = ""
      for _ in 0..<4 {
        guard case .bytes(let bytes) = stream.next() else { break }
        text += String(decoding: bytes, as: UTF8.self)
      }
      return text
    }
  }

  static func seeds() throws -> [[UInt8]] {
    let filters = "month=2026-11&product=sales&workload=leads&country=FR"
    let targets = [
      "/", "/?partner=partner-1&\(filters)&lang=fr", "/api/v1/partners?limit=2&after=partner-1",
      "/api/v1/partners/partner-3/indicators?\(filters)", "/api/v1/partners/partner-3/indicators.csv",
      "/api/v1/partners/partner-3/events", "/api/v1/partners/partner-3/months",
      "/api/v1/scales?month=2026-10",
      "/api/v1/partners/partner-3/cells?month=2026-11", "/healthz", "/readyz", "/metrics", "/assets/page.css",
      "/api/v1/partners/p%C3%A9%7c/indicators?month=2026-13&month=", "/api/v1/partners?a+b=%41",
    ]
    let headers = [
      "", "\nAccept-Language: fr-FR, en;q=0.8, *;q=0.1", "\nCookie: partner-pulse-language=fr; a=b",
      "\nLast-Event-ID: 0123456789abcdef\nIf-None-Match: W/\"a\", \"b\", *",
      "\nCookie: partner-pulse-token=a.b.c",
      "\nAuthorization: Bearer a.b.c",
    ]
    var seeds: [[UInt8]] = [[4] + Array("POST /?lang=en".utf8)]
    for target in targets {
      for (index, header) in headers.enumerated() {
        let method = index % 5 == 4 ? "HEAD" : "GET"
        seeds.append([UInt8(index % 4)] + Array("\(method) \(target)\(header)".utf8))
      }
    }
    return seeds
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func contains(_ text: String) -> Bool { String(decoding: self, as: UTF8.self).contains(text) }
}
