/// Which partner a person works for, and where, from `effectiveAt` on.
public struct Affiliation<Text: MessageText>: InputMessage {
  public var personID = Text()
  /// Empty from when the person works for no partner.
  public var partnerID = Text()
  /// ISO 3166-1 alpha-2, of the partner location.
  public var country = Text()
  public var effectiveAt: Timestamp?
  public var revision: Int64 = 0

  @inlinable public init() {}

  public typealias Owned = Affiliation<String>
  public static var topic: Topic { .affiliations }
  @inlinable public var key: Text { personID }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "person_id", &personID)
    try visitor.field(2, "partner_id", &partnerID)
    try visitor.field(3, "country", &country)
    try visitor.field(4, "effective_at", &effectiveAt)
    try visitor.field(5, "revision", &revision)
  }
}

extension Affiliation: Sendable where Text: Sendable {}

/// `Affiliation` over a record's bytes.
public typealias AffiliationView = Affiliation<BorrowedText>
