import Glibc
import HTTPServer
import Metrics
import Platform

/// Who may see what.
package enum AccessControl: Sendable {
  /// Whoever can reach the server may choose any partner.
  case none
  case tokens(TokenAccess)

  /// Who asks, or why that is not known. `now` is in seconds since 1970 UTC.
  package func viewer(of request: Request, now: Int64) throws(AccessRefusal) -> Viewer {
    switch self {
    case .none: Viewer(.administrator)
    case .tokens(let access): try access.viewer(of: request, now: now)
    }
  }

  /// What it waits for, a line each; empty if it can tell who asks.
  package var waitsFor: [String] {
    if case .tokens(let access) = self { access.waitsFor } else { [] }
  }

  package func write(to text: inout MetricsText) {
    if case .tokens(let access) = self { access.write(to: &text) }
  }
}

/// Access by tokens, in the header field `Authorization` or in a cookie.
package final class TokenAccess: Sendable {
  private let verifier: TokenVerifier

  /// Reads the keys; throws if they cannot be read. `report` is told what becomes of them, now and later.
  package init(_ settings: TokenSettings, report: @escaping @Sendable (AccessNotice) -> Void) throws {
    verifier = try TokenVerifier(settings, now: Int64(time(nil)), report: report)
  }

  /// Keeps the keys up to date until `stop`. Blocks.
  package func run(until stop: StopSignal) {
    repeat {
      verifier.refresh(now: Int64(time(nil))) { stop.isStopped }
    } while !stop.wait(for: .milliseconds(250))
  }

  var waitsFor: [String] { verifier.waitsFor }

  package func write(to text: inout MetricsText) { verifier.write(to: &text) }

  package func viewer(of request: Request, now: Int64) throws(AccessRefusal) -> Viewer {
    guard let token = token(in: request) else { throw .unauthenticated(nil) }
    let viewer: Viewer?
    do throws(TokenRefusal) {
      viewer = try verifier.viewer(of: token, now: now)
    } catch {
      throw .unauthenticated(error)
    }
    guard let viewer else { throw .forbidden }
    return viewer
  }

  private func token(in request: Request) -> String? {
    guard let authorization = request.header("Authorization") else {
      return request.cookie(verifier.settings.cookie)
    }
    let parts = authorization.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
    guard parts.count == 2, parts[0].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else { return nil }
    return String(Substring(parts[1]))
  }
}

/// Why a request is not answered.
package enum AccessRefusal: Error {
  /// No token, or one that is not taken.
  case unauthenticated(TokenRefusal?)
  /// The token is good, but its roles are not.
  case forbidden

  /// As RFC 6750 has it.
  var problem: Problem {
    switch self {
    case .unauthenticated(let refusal):
      let reason = refusal.map { ", error=\"invalid_token\", error_description=\"\($0.rawValue)\"" } ?? ""
      return Problem(
        status: 401, detail: refusal?.rawValue ?? "a token is required",
        headers: [("WWW-Authenticate", "Bearer realm=\"partner-pulse\"\(reason)")])
    case .forbidden:
      return Problem(status: 403, detail: "the token does not grant access to any partner")
    }
  }
}
