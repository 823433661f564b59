import Contract

/// Who looks, as far as access goes.
public struct Viewer: Sendable, Hashable {
  public enum Role: Sendable, Hashable {
    /// Sees one partner, and the others as ranges.
    case partner(id: ExactText)
    /// May choose any partner.
    case administrator
  }

  public var role: Role
  /// When this ends, in seconds since 1970 UTC; nil for never.
  public var expiry: Int64?

  /// Whether it may see users by name; an administrator always may.
  public var maySeeUsers: Bool

  public init(_ role: Role, maySeeUsers: Bool = false, expiry: Int64? = nil) {
    self.role = role
    self.maySeeUsers = maySeeUsers || role == .administrator
    self.expiry = expiry
  }

  public var isAdministrator: Bool { role == .administrator }

  /// The partner that it sees where none is named; nil for an administrator.
  public var partnerID: String? {
    if case .partner(let id) = role { id.text } else { nil }
  }

  /// Whether it may see this partner. Ids are equal if their bytes are.
  public func maySee(_ partnerID: String) -> Bool {
    switch role {
    case .partner(let own): own == ExactText(partnerID)
    case .administrator: true
    }
  }
}
