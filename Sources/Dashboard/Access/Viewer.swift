import Contract

/// Who looks, as far as access goes.
package struct Viewer: Sendable {
  package enum Role: Sendable, Hashable {
    /// Sees these partners, and the others as ranges; at least one.
    case partners([ExactText])
    /// May choose any partner.
    case administrator

    /// Sees one partner.
    package static func partner(id: ExactText) -> Role { .partners([id]) }
  }

  package var role: Role
  /// When this ends, in seconds since 1970 UTC; nil for never.
  package var expiry: Int64?

  /// Whether it may see users by name; an administrator always may.
  package var maySeeUsers: Bool
  /// Whom the token is for (`sub`); nil without one.
  package var subject: String?
  /// What its token is signed with: when that key is gone, so is the right to see anything.
  var key: JSONWebKey?

  package init(_ role: Role, maySeeUsers: Bool = false, expiry: Int64? = nil) {
    self.role = role
    self.maySeeUsers = maySeeUsers || role == .administrator
    self.expiry = expiry
  }

  /// Whether the key that let it in counts no longer.
  package var isRevoked: Bool { key?.isRevoked ?? false }

  package var isAdministrator: Bool { role == .administrator }

  /// The partners that it may see; none for an administrator, who may see all.
  package var partnerIDs: [String] {
    if case .partners(let ids) = role { ids.map(\.text) } else { [] }
  }

  /// The partner that it sees where none is named; nil for an administrator.
  package var partnerID: String? { partnerIDs.first }

  /// Whether it may see this partner. Ids are equal if their bytes are.
  package func maySee(_ partnerID: String) -> Bool {
    switch role {
    case .partners(let own): own.contains(ExactText(partnerID))
    case .administrator: true
    }
  }
}
