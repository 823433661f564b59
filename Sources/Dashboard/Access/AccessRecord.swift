import Contract
import HTTPServer
import Platform

/// One request and its outcome: a line of the access log.
struct AccessRecord: Sendable {
  /// A stream has one line for its beginning and one for its end.
  enum Moment: String {
    case opened
    case closed
  }

  let id: String
  /// Milliseconds since 1970 UTC.
  let time = Clock.now
  private let start = ContinuousClock.now
  private let request: Request
  /// Nil if the request was not authenticated.
  var viewer: Viewer?
  /// The partner whose numbers the response contains; nil for none.
  var partnerID: String?

  /// The parameters that are logged. Of any other nothing is, since it may be a secret that got there by mistake.
  private static let parameters: Set<ExactText> = [
    "month", "product", "workload", "country", "partner", "indicator", "customer", "limit", "after", "lang",
    "against", "since", "by", "before",
  ]
  /// Bytes of a text that are logged.
  private static let longestText = 512

  init(_ request: Request, id: String) { (self.request, self.id) = (request, id) }

  /// A line of JSON in ASCII.
  func line(status: Int, bytes: Int?, _ moment: Moment? = nil) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("time")
    json.string(Timestamp(seconds: time / 1000, nanos: Int32(time % 1000) * 1_000_000).rfc3339 ?? "")
    json.key("id")
    json.string(id)
    json.key("client")
    json.string(request.client.text)
    json.key("subject")
    json.optional(viewer?.subject?.cut(Self.longestText))
    json.key("role")
    json.optional(viewer.map { $0.isAdministrator ? "administrator" : "partner" })
    json.key("partner")
    json.optional(partnerID)
    json.key("method")
    json.string(request.method.cut(Self.longestText))
    json.key("path")
    json.string(("/" + request.segments.map(PageQuery.encoded).joined(separator: "/")).cut(Self.longestText))
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

  /// Writes names and values; of a name that is given twice the first value, which is the one that is used.
  private func writeQuery(to json: inout JSONWriter) {
    let known = request.query.filter { Self.parameters.contains(ExactText($0.name)) }
    json.beginObject()
    var written: Set<ExactText> = []
    for (name, value) in known where written.insert(ExactText(name)).inserted {
      json.key(name)
      json.string(value.cut(Self.longestText))
    }
    if request.query.count > known.count {
      json.key("unknown")
      json.number(request.query.count - known.count)
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
  /// Its first bytes, with an ellipsis if that is not all.
  fileprivate func cut(_ bytes: Int) -> String {
    utf8.count <= bytes ? self : String(decoding: utf8.prefix(bytes), as: UTF8.self) + "…"
  }
}
