/// What is known of a generation; under the key `servedKey`, which one readers are to read.
public struct GenerationRecord: Message, Sendable {
  public var number: UInt32 = 0
  public var state = State.unspecified
  /// Whose consumer groups compute it.
  public var application = ""
  /// Stands for the catalogue that it is computed under.
  public var catalog = ""

  @inlinable public init() {}

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "number", &number)
    try visitor.field(2, "state", &state)
    try visitor.field(3, "application", &application)
    try visitor.field(4, "catalog", &catalog)
  }

  public static let servedKey = "served"

  /// Enum GenerationRecord.State.
  public struct State: ProtoEnum {
    public let rawValue: Int32

    @inlinable
    public init(rawValue: Int32) {
      self.rawValue = rawValue
    }

    @inlinable public static var unspecified: Self { Self(rawValue: 0) }
    @inlinable public static var kept: Self { Self(rawValue: 1) }
    @inlinable public static var dropped: Self { Self(rawValue: 2) }

    public static let names: [StaticString] = ["STATE_UNSPECIFIED", "KEPT", "DROPPED"]
  }
}
