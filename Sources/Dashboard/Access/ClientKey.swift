import Contract
import HTTPServer

/// Identifies a client for limits.
package enum ClientKey: Hashable, Sendable {
  /// The subject of the token.
  case subject(ExactText)
  /// The partner of a token without a subject.
  case partner(ExactText)
  /// The network, without a token or if the token has neither.
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
