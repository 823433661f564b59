/// The state of a deployment from `effectiveAt` on.
public struct Instance<Text: MessageText>: InputMessage {
  public var customerID = Text()
  public var subscriptionID = Text()
  public var instanceID = Text()
  public var workload = Text()
  public var environment = Environment.unspecified
  public var deployed = false
  public var effectiveAt: Timestamp?
  public var revision: Int64 = 0

  @inlinable public init() {}

  public typealias Owned = Instance<String>
  public static var topic: Topic { .instances }
  @inlinable public var key: Text { customerID }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "customer_id", &customerID)
    try visitor.field(2, "subscription_id", &subscriptionID)
    try visitor.field(3, "instance_id", &instanceID)
    try visitor.field(4, "workload", &workload)
    try visitor.field(5, "environment", &environment)
    try visitor.field(6, "deployed", &deployed)
    try visitor.field(7, "effective_at", &effectiveAt)
    try visitor.field(8, "revision", &revision)
  }
}

extension Instance: Sendable where Text: Sendable {}

/// `Instance` over a record's bytes.
public typealias InstanceView = Instance<BorrowedText>

/// Enum Instance.Environment.
public struct Environment: ProtoEnum {
  public let rawValue: Int32

  @inlinable
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  @inlinable public static var unspecified: Self { Self(rawValue: 0) }
  @inlinable public static var production: Self { Self(rawValue: 1) }
  @inlinable public static var sandbox: Self { Self(rawValue: 2) }

  public static let names: [StaticString] = ["ENVIRONMENT_UNSPECIFIED", "PRODUCTION", "SANDBOX"]
}
