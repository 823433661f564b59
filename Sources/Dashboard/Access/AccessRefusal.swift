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
