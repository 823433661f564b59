/// One indicator of a partner in a cell and month.
public struct Indicator: Message, Sendable {
  /// Nil where it is undefined (a ratio to nothing).
  public var value: Double?
  /// The same indicator for the month before.
  public var previous: Double?
  public var trend = Trend.unchanged
  /// 1 to 4; nil where `value` is, and for a partner that is not ranked.
  public var bar: Int32?

  @inlinable public init() {}

  public init(value: Double?, previous: Double?, trend: Trend, bar: Int32?) {
    self.value = value
    self.previous = previous
    self.trend = trend
    self.bar = bar
  }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "value", &value)
    try visitor.field(2, "previous", &previous)
    try visitor.field(3, "trend", &trend)
    try visitor.field(4, "bar", &bar)
  }
}

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
