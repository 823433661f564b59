/// How the values of a result's snapshots and scales are written. Readers recognize the format by the first bytes (`PayloadForm`).
public struct OutputFormat: ProtoEnum {
  public let rawValue: Int32

  @inlinable
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  @inlinable public static var protobuf: Self { Self(rawValue: 0) }
  /// Proto3 JSON.
  @inlinable public static var json: Self { Self(rawValue: 1) }
  /// Protobuf in Confluent's framing.
  @inlinable public static var confluent: Self { Self(rawValue: 2) }
  /// Proto3 JSON in Confluent's framing.
  @inlinable public static var confluentJSON: Self { Self(rawValue: 3) }

  public static let names: [StaticString] = ["PROTOBUF", "JSON", "CONFLUENT", "CONFLUENT_JSON"]

  /// Their names on the command line.
  public static let all: [(name: String, format: OutputFormat)] = [
    ("protobuf", .protobuf), ("json", .json), ("confluent", .confluent), ("confluent-json", .confluentJSON),
  ]

  /// Its name on the command line, or its number if it is unknown.
  public var optionName: String {
    Self.all.first { $0.format == self }?.name ?? "number \(rawValue)"
  }

  /// Whether values begin with the id of their schema in a registry.
  public var isFramed: Bool { self == .confluent || self == .confluentJSON }

  public var isJSON: Bool { self == .json || self == .confluentJSON }
}
