import Contract

/// Who looks, as far as access goes.
public struct Viewer: Sendable {
  public enum Role: Sendable, Hashable {
    /// Sees these partners, and the others as ranges; at least one.
    case partners([ExactText])
    /// May choose any partner.
    case administrator

    /// Sees one partner.
    public static func partner(id: ExactText) -> Role { .partners([id]) }
  }

  public var role: Role
  /// When this ends, in seconds since 1970 UTC; nil for never.
  public var expiry: Int64?

  /// Whether it may see users by name; an administrator always may.
  public var maySeeUsers: Bool
  /// Whom the token is for (`sub`); nil without one.
  public var subject: String?
  /// What its token is signed with: when that key is gone, so is the right to see anything.
  var key: JSONWebKey?

  public init(_ role: Role, maySeeUsers: Bool = false, expiry: Int64? = nil) {
    self.role = role
    self.maySeeUsers = maySeeUsers || role == .administrator
    self.expiry = expiry
  }

  /// Whether the key that let it in counts no longer.
  package var isRevoked: Bool { key?.isRevoked ?? false }

  public var isAdministrator: Bool { role == .administrator }

  /// The partners that it may see; none for an administrator, who may see all.
  public var partnerIDs: [String] {
    if case .partners(let ids) = role { ids.map(\.text) } else { [] }
  }

  /// The partner that it sees where none is named; nil for an administrator.
  public var partnerID: String? { partnerIDs.first }

  /// Whether it may see this partner. Ids are equal if their bytes are.
  public func maySee(_ partnerID: String) -> Bool {
    switch role {
    case .partners(let own): own.contains(ExactText(partnerID))
    case .administrator: true
    }
  }
}
