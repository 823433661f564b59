import Contract
import HTTPServer

/// Whom a limit counts something for.
package enum ClientKey: Hashable, Sendable {
  /// Whom a token is for.
  case subject(ExactText)
  /// Where a token names nobody.
  case partner(ExactText)
  /// Where there is no token, or one that names nobody and no partner.
  case network(String)

  package init(_ viewer: Viewer, _ request: Request) {
    if let subject = viewer.subject {
      self = .subject(ExactText(subject))
    } else if let partnerID = viewer.partnerID {
      self = .partner(ExactText(partnerID))
    } else {
      self = .network(request.client.network)
    }
  }
}
