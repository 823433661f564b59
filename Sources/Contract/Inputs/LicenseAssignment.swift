/// A license of a subscription given to, or taken from, a user account.
public struct LicenseAssignment<Text: MessageText>: InputMessage {
  public var customerID = Text()
  public var subscriptionID = Text()
  public var userID = Text()
  public var assigned = false
  public var effectiveAt: Timestamp?
  public var revision: Int64 = 0

  @inlinable public init() {}

  public typealias Owned = LicenseAssignment<String>
  public static var topic: Topic { .licenseAssignments }
  @inlinable public var key: Text { customerID }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "customer_id", &customerID)
    try visitor.field(2, "subscription_id", &subscriptionID)
    try visitor.field(3, "user_id", &userID)
    try visitor.field(4, "assigned", &assigned)
    try visitor.field(5, "effective_at", &effectiveAt)
    try visitor.field(6, "revision", &revision)
  }
}

extension LicenseAssignment: Sendable where Text: Sendable {}

/// `LicenseAssignment` over a record's bytes.
public typealias LicenseAssignmentView = LicenseAssignment<BorrowedText>
