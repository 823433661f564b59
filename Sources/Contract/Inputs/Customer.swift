/// Where a customer is from `effectiveAt` on.
public struct Customer<Text: MessageText>: InputMessage {
  public var customerID = Text()
  public var name = Text()
  /// ISO 3166-1 alpha-2.
  public var country = Text()
  public var effectiveAt: Timestamp?
  public var revision: Int64 = 0

  @inlinable public init() {}

  public typealias Owned = Customer<String>
  public static var topic: Topic { .customers }
  @inlinable public var key: Text { customerID }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "customer_id", &customerID)
    try visitor.field(2, "name", &name)
    try visitor.field(3, "country", &country)
    try visitor.field(4, "effective_at", &effectiveAt)
    try visitor.field(5, "revision", &revision)
  }
}

extension Customer: Sendable where Text: Sendable {}

/// `Customer` over a record's bytes.
public typealias CustomerView = Customer<BorrowedText>
