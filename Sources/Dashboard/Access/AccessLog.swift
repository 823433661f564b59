import HTTPServer

/// The log of who has seen whose numbers, a line of JSON for each answer to a page or the API.
package final class AccessLog: Sendable {
  private let lines: LineFile

  package init(_ lines: LineFile) { self.lines = lines }

  /// Writes a line when the response is sent, and for a stream one when it begins.
  func follow(_ response: inout Response, _ record: AccessRecord) {
    var isStream = false
    if case .stream = response.body { isStream = true }
    if isStream { lines.append(record.line(status: response.status, bytes: 0, .opened)) }
    response.completed = { [lines, isStream] done in
      lines.append(record.line(status: done.status, bytes: done.bytes, isStream ? .closed : nil))
    }
  }
}
