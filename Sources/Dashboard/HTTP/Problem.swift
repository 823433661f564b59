import Contract
import HTTPServer

/// Why a request fails, as problem details (RFC 9457).
package struct Problem: Error {
  package var status: Int
  var detail: String
  /// The parameter that is wrong, if one is.
  package var parameter: String?
  var headers: [(name: String, value: String)] = []

  static func badParameter(_ name: String, _ detail: String) -> Problem {
    Problem(status: 400, detail: detail, parameter: name)
  }

  /// The client has reached a limit.
  static func tooMany(_ detail: String, retryAfter seconds: Int) -> Problem {
    Problem(status: 429, detail: detail, headers: [("Retry-After", "\(seconds)")])
  }
  /// The same whether or not there is such a partner, which others must not learn.
  static let foreignPartner = Problem(status: 403, detail: "you are not allowed to see this partner")

  static let notFound = Problem(status: 404, detail: "there is nothing under this path")

  var response: Response {
    var json = JSONWriter()
    json.beginObject()
    json.key("type")
    json.string("about:blank")
    json.key("title")
    json.string(Self.title(status))
    json.key("status")
    json.number(status)
    json.key("detail")
    json.string(detail)
    if let parameter {
      json.key("parameter")
      json.string(parameter)
    }
    json.endObject()
    var response = Response(status, "application/problem+json", json.bytes)
    response.headers += headers
    return response
  }

  private static func title(_ status: Int) -> String {
    switch status {
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 413: "Content Too Large"
    case 421: "Misdirected Request"
    case 429: "Too Many Requests"
    case 503: "Service Unavailable"
    default: "Internal Server Error"
    }
  }
}
