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
