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
