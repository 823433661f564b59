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
