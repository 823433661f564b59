/// A record of topic `generations`: under a generation's number, its state and definition; under `servedKey`, which one is served.
public struct GenerationRecord: Message, Sendable {
  public var number: UInt32 = 0
  public var state = State.unspecified
  /// The application (`--application`) whose consumer groups compute it.
  public var application = ""
  // From here on, its definition (see `definition`). The first record of a generation fixes it.
  public var catalog = ""
  public var semantics: UInt32 = 0
  public var inputPartitions: UInt32 = 0
  public var outputPartitions: [UInt32] = []
  public var outputFormat = OutputFormat.protobuf
  public var checksSchemaIDs = false

  @inlinable public init() {}

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "number", &number)
    try visitor.field(2, "state", &state)
    try visitor.field(3, "application", &application)
    try visitor.field(4, "catalog", &catalog)
    try visitor.field(5, "semantics", &semantics)
    try visitor.field(6, "input_partitions", &inputPartitions)
    try visitor.field(7, "output_partitions", &outputPartitions)
    try visitor.field(8, "output_format", &outputFormat)
    try visitor.field(9, "checks_schema_ids", &checksSchemaIDs)
  }

  /// The key of the record that says which generation is served.
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
