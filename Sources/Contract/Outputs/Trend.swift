/// Enum Indicator.Trend: against the month before.
public struct Trend: ProtoEnum {
  public let rawValue: Int32

  @inlinable
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  @inlinable public static var unchanged: Self { Self(rawValue: 0) }
  @inlinable public static var up: Self { Self(rawValue: 1) }
  @inlinable public static var down: Self { Self(rawValue: 2) }

  public static let names: [StaticString] = ["UNCHANGED", "UP", "DOWN"]
}
