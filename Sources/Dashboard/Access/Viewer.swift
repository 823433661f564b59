import Contract

/// Who a request is from, and what they may see.
package struct Viewer: Sendable {
  /// Which partners a viewer may see.
  package enum Role: Sendable, Hashable {
    /// These (at least one), and of all others only ranges.
    case partners([ExactText])
    /// Every partner.
    case administrator

    /// One partner.
    package static func partner(id: ExactText) -> Role { .partners([id]) }
  }

  package var role: Role
  /// When access ends, in seconds since 1970 UTC; nil for never.
  package var expiry: Int64?

  /// Whether it may see users by name; an administrator always may.
  package var maySeeUsers: Bool
  /// The token's subject (`sub`); nil if it has none.
  package var subject: String?
  /// The key that its token is signed with: access ends when that key is revoked.
  var key: JSONWebKey?

  package init(_ role: Role, maySeeUsers: Bool = false, expiry: Int64? = nil) {
    self.role = role
    self.maySeeUsers = maySeeUsers || role == .administrator
    self.expiry = expiry
  }

  /// Whether its token's key has been revoked.
  package var isRevoked: Bool { key?.isRevoked ?? false }

  package var isAdministrator: Bool { role == .administrator }

  /// The partners that it may see; empty for an administrator, who may see all.
  package var partnerIDs: [String] {
    if case .partners(let ids) = role { ids.map(\.text) } else { [] }
  }

  /// The partner to show if the request names none; nil for an administrator.
  package var partnerID: String? { partnerIDs.first }

  /// Whether it may see this partner. Ids are equal if their bytes are.
  package func maySee(_ partnerID: String) -> Bool {
    switch role {
    case .partners(let own): own.contains(ExactText(partnerID))
    case .administrator: true
    }
  }
}
