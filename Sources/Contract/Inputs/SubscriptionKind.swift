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
