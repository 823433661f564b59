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
