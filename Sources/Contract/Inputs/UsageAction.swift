/// One action of one user in one workload.
public struct UsageAction<Text: MessageText>: InputMessage {
  public var customerID = Text()
  public var subscriptionID = Text()
  /// Unique within the customer's tenant.
  public var userID = Text()
  public var workload = Text()
  /// For people to read, e.g. "opportunity.update".
  public var action = Text()
  /// False for what no user meant to do; such actions never count.
  public var intentional = false
  public var occurredAt: Timestamp?

  @inlinable public init() {}

  public typealias Owned = UsageAction<String>
  public static var topic: Topic { .usageActions }
  @inlinable public var key: Text { customerID }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "customer_id", &customerID)
    try visitor.field(2, "subscription_id", &subscriptionID)
    try visitor.field(3, "user_id", &userID)
    try visitor.field(4, "workload", &workload)
    try visitor.field(5, "action", &action)
    try visitor.field(6, "intentional", &intentional)
    try visitor.field(7, "occurred_at", &occurredAt)
  }
}

extension UsageAction: Sendable where Text: Sendable {}

/// `UsageAction` over a record's bytes.
public typealias UsageActionView = UsageAction<BorrowedText>
