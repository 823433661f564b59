import Contract

/// Who looks, as far as access goes.
package struct Viewer: Sendable, Hashable {
  package enum Role: Sendable, Hashable {
    /// Sees one partner, and the others as ranges.
    case partner(id: ExactText)
    /// May choose any partner.
    case administrator
  }

  package var role: Role
  /// When this ends, in seconds since 1970 UTC; nil for never.
  package var expiry: Int64?

  /// Whether it may see users by name; an administrator always may.
  package var maySeeUsers: Bool

  package init(_ role: Role, maySeeUsers: Bool = false, expiry: Int64? = nil) {
    self.role = role
    self.maySeeUsers = maySeeUsers || role == .administrator
    self.expiry = expiry
  }

  package var isAdministrator: Bool { role == .administrator }

  /// The partner that it sees where none is named; nil for an administrator.
  package var partnerID: String? {
    if case .partner(let id) = role { id.text } else { nil }
  }

  /// Whether it may see this partner. Ids are equal if their bytes are.
  package func maySee(_ partnerID: String) -> Bool {
    switch role {
    case .partner(let own): own == ExactText(partnerID)
    case .administrator: true
    }
  }
}
