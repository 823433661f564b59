import Contract
import HTTPServer
import Platform

/// Who has asked for what, and what became of it: a line of the access log.
struct AccessRecord: Sendable {
  /// When an answer takes a while, there is a line for its beginning and one for its end.
  enum Moment: String {
    case opened
    case closed
  }

  let id: String
  /// Milliseconds since 1970 UTC.
  let time = Clock.now
  private let start = ContinuousClock.now
  private let client: String
  private let method: String
  private let path: String
  private let query: [(name: String, value: String)]
  private let unknownParameters: Int
  /// Nil where nobody is known.
  var viewer: Viewer?
  /// Whose numbers the answer holds; nil for nobody's.
  var partnerID: String?

  /// What parameters the site knows: of any other, which may be a secret that got there by mistake, nothing is kept.
  private static let parameters: Set<ExactText> = [
    "month", "product", "workload", "country", "partner", "indicator", "limit", "after", "lang",
  ]
  /// Bytes that are kept of a text.
  private static let longestText = 512

  init(_ request: Request, id: String) {
    self.id = id
    client = request.client.text
    method = request.method.cut(Self.longestText)
    path = ("/" + request.segments.map(PageQuery.encoded).joined(separator: "/")).cut(Self.longestText)
    let known = request.query.filter { Self.parameters.contains(ExactText($0.name)) }
    query = known.map { ($0.name, $0.value.cut(Self.longestText)) }
    unknownParameters = request.query.count - known.count
  }

  /// A line of JSON in ASCII.
  func line(status: Int, bytes: Int?, _ moment: Moment? = nil) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("time")
    json.string(Timestamp(seconds: time / 1000, nanos: Int32(time % 1000) * 1_000_000).rfc3339 ?? "")
    json.key("id")
    json.string(id)
    json.key("client")
    json.string(client)
    json.key("subject")
    json.optional(viewer?.subject?.cut(Self.longestText))
    json.key("role")
    json.optional(viewer.map { $0.isAdministrator ? "administrator" : "partner" })
    json.key("partner")
    json.optional(partnerID)
    json.key("method")
    json.string(method)
    json.key("path")
    json.string(path)
    json.key("query")
    writeQuery(to: &json)
    json.key("status")
    json.number(status)
    json.key("bytes")
    if let bytes { json.number(bytes) } else { json.null() }
    json.key("seconds")
    json.number((ContinuousClock.now - start).microseconds / 1_000_000)
    if let moment {
      json.key("stream")
      json.string(moment.rawValue)
    }
    json.endObject()
    return json.asciiBytes + [UInt8(ascii: "\n")]
  }

  /// Names to values; a name that stands there twice has its first value, as everywhere.
  private func writeQuery(to json: inout JSONWriter) {
    json.beginObject()
    var written: Set<ExactText> = []
    for (name, value) in query where written.insert(ExactText(name)).inserted {
      json.key(name)
      json.string(value)
    }
    if unknownParameters > 0 {
      json.key("unknown")
      json.number(unknownParameters)
    }
    json.endObject()
  }
}

extension JSONWriter {
  fileprivate mutating func optional(_ text: String?) {
    if let text { string(text) } else { null() }
  }
}

extension Duration {
  fileprivate var microseconds: Double {
    let (seconds, attoseconds) = components
    return (Double(seconds) * 1e6 + Double(attoseconds) / 1e12).rounded()
  }
}

extension String {
  /// Its first bytes, up to a character's end.
  fileprivate func cut(_ bytes: Int) -> String {
    utf8.count <= bytes ? self : String(decoding: utf8.prefix(bytes), as: UTF8.self) + "…"
  }
}
