/// A partner's name, country and accounts from `effectiveAt` on.
public struct Partner<Text: MessageText>: InputMessage {
  public var partnerID = Text()
  public var name = Text()
  /// ISO 3166-1 alpha-2, of the organization.
  public var country = Text()
  public var accounts: [PartnerAccount] = []
  public var effectiveAt: Timestamp?
  public var revision: Int64 = 0

  @inlinable public init() {}

  public typealias Owned = Partner<String>
  public static var topic: Topic { .partners }
  @inlinable public var key: Text { partnerID }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "partner_id", &partnerID)
    try visitor.field(2, "name", &name)
    try visitor.field(3, "country", &country)
    try visitor.field(4, "accounts", &accounts)
    try visitor.field(5, "effective_at", &effectiveAt)
    try visitor.field(6, "revision", &revision)
  }
}

extension Partner: Sendable where Text: Sendable {}

/// `Partner` over a record's bytes.
public typealias PartnerView = Partner<BorrowedText>

/// Enum Partner.Account.
public struct PartnerAccount: ProtoEnum {
  public let rawValue: Int32

  @inlinable
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  @inlinable public static var unspecified: Self { Self(rawValue: 0) }
  @inlinable public static var mpn: Self { Self(rawValue: 1) }
  @inlinable public static var csp: Self { Self(rawValue: 2) }

  public static let names: [StaticString] = ["ACCOUNT_UNSPECIFIED", "MPN", "CSP"]
}
