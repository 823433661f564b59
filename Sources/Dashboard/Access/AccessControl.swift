import Glibc
import HTTPServer
import Metrics
import Platform

/// Decides who a request is from and what they may see.
package enum AccessControl: Sendable {
  /// Everyone who can reach the server is an administrator.
  case none
  case tokens(TokenAccess)

  /// The viewer that a request is from. Throws if there is none. `now` is in seconds since 1970 UTC.
  package func viewer(of request: Request, now: Int64) throws(AccessRefusal) -> Viewer {
    switch self {
    case .none: Viewer(.administrator)
    case .tokens(let access): try access.viewer(of: request, now: now)
    }
  }

  /// What it waits for before it can check tokens, a line each; empty if it can.
  package var waitsFor: [String] {
    if case .tokens(let access) = self { access.waitsFor } else { [] }
  }

  package func write(to text: inout MetricsText) {
    if case .tokens(let access) = self { access.write(to: &text) }
  }
}

/// Access by JSON Web Tokens, in the header field `Authorization` or in a cookie.
package final class TokenAccess: Sendable {
  private let verifier: TokenVerifier

  /// Reads the keys if they are in a file; throws if that fails. `report` gets what happens to the keys, now and later.
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

/// Why a request is refused.
package enum AccessRefusal: Error {
  /// There is no token (nil), or it is not accepted.
  case unauthenticated(TokenRefusal?)
  /// The token is valid, but grants no access.
  case forbidden

  /// The response's problem, with the header field of RFC 6750.
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
