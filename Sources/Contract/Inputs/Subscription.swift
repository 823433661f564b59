/// The whole state of a subscription from `effectiveAt` on.
public struct Subscription<Text: MessageText>: InputMessage {
  public var customerID = Text()
  public var subscriptionID = Text()
  public var product = Text()
  public var workloads: [Text] = []
  public var licenseProgram = LicenseProgram.unspecified
  public var kind = SubscriptionKind.unspecified
  public var status = SubscriptionStatus.unspecified
  public var seats: Int64 = 0
  /// The digital partner of record; empty for none.
  public var dporPartnerID = Text()
  public var effectiveAt: Timestamp?
  public var revision: Int64 = 0

  @inlinable public init() {}

  public typealias Owned = Subscription<String>
  public static var topic: Topic { .subscriptions }
  @inlinable public var key: Text { customerID }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "customer_id", &customerID)
    try visitor.field(2, "subscription_id", &subscriptionID)
    try visitor.field(3, "product", &product)
    try visitor.field(4, "workloads", &workloads)
    try visitor.field(5, "license_program", &licenseProgram)
    try visitor.field(6, "kind", &kind)
    try visitor.field(7, "status", &status)
    try visitor.field(8, "seats", &seats)
    try visitor.field(9, "dpor_partner_id", &dporPartnerID)
    try visitor.field(10, "effective_at", &effectiveAt)
    try visitor.field(11, "revision", &revision)
  }
}

extension Subscription: Sendable where Text: Sendable {}

/// `Subscription` over a record's bytes.
public typealias SubscriptionView = Subscription<BorrowedText>

/// Enum LicenseProgram: how a subscription was sold.
public struct LicenseProgram: ProtoEnum {
  public let rawValue: Int32

  @inlinable
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  @inlinable public static var unspecified: Self { Self(rawValue: 0) }
  @inlinable public static var enterpriseAgreement: Self { Self(rawValue: 1) }
  @inlinable public static var cloudSolutionProvider: Self { Self(rawValue: 2) }
  @inlinable public static var webDirect: Self { Self(rawValue: 3) }
  @inlinable public static var open: Self { Self(rawValue: 4) }

  public static let names: [StaticString] = [
    "LICENSE_PROGRAM_UNSPECIFIED", "ENTERPRISE_AGREEMENT", "CLOUD_SOLUTION_PROVIDER", "WEB_DIRECT", "OPEN",
  ]
}

/// Enum Subscription.Kind.
public struct SubscriptionKind: ProtoEnum {
  public let rawValue: Int32

  @inlinable
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  @inlinable public static var unspecified: Self { Self(rawValue: 0) }
  @inlinable public static var paid: Self { Self(rawValue: 1) }
  @inlinable public static var trial: Self { Self(rawValue: 2) }
  @inlinable public static var internalUse: Self { Self(rawValue: 3) }
  @inlinable public static var publicSector: Self { Self(rawValue: 4) }

  public static let names: [StaticString] = [
    "KIND_UNSPECIFIED", "PAID", "TRIAL", "INTERNAL_USE", "PUBLIC_SECTOR",
  ]
}

/// Enum Subscription.Status.
public struct SubscriptionStatus: ProtoEnum {
  public let rawValue: Int32

  @inlinable
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  @inlinable public static var unspecified: Self { Self(rawValue: 0) }
  @inlinable public static var active: Self { Self(rawValue: 1) }
  @inlinable public static var inGrace: Self { Self(rawValue: 2) }
  @inlinable public static var suspended: Self { Self(rawValue: 3) }
  @inlinable public static var cancelled: Self { Self(rawValue: 4) }

  public static let names: [StaticString] = [
    "STATUS_UNSPECIFIED", "ACTIVE", "IN_GRACE", "SUSPENDED", "CANCELLED",
  ]
}
