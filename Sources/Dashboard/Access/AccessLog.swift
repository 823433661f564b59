import Contract
import HTTPServer
import Synchronization

/// The log of who has seen whose numbers: a line of JSON for each response of a page or the API.
package final class AccessLog: Sendable {
  private let lines: LineFile

  package init(_ lines: LineFile) { self.lines = lines }

  /// Writes a line when the response has been sent; for a stream, also one when it begins.
  func follow(_ response: inout Response, _ record: AccessRecord) {
    var isStream = false
    if case .stream = response.body { isStream = true }
    if isStream { lines.append(record.line(status: response.status, bytes: 0, .opened)) }
    response.completed = { [lines, isStream] done in
      lines.append(record.line(status: done.status, bytes: done.bytes, isStream ? .closed : nil))
    }
  }
}

/// Makes the ids of requests, by which a response can be found in the access log.
final class RequestIDs: Sendable {
  private let prefix = UInt64.random(in: 0 ... .max).hexadecimal
  private let number = Atomic<UInt64>(0)

  /// Sixteen hexadecimal digits that are random for each start, and a number.
  func next() -> String { "\(prefix)-\(number.add(1, ordering: .relaxed).newValue)" }
}
