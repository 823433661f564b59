/// The configuration that a result is computed under. Under another one the same events mean something else, so a result is never
/// continued under another.
public struct ResultDefinition: Hashable, Sendable {
  /// The catalog's fingerprint.
  public var catalog: String
  /// The version of the rules (`Semantics.version`).
  public var semantics: UInt32
  /// Partitions of the inputs, which all have as many.
  public var inputPartitions: UInt32
  /// Partitions of `partner-partials`, `indicator-snapshots` and `indicator-scales`; empty where they do not matter.
  public var outputPartitions: [UInt32]
  /// How the values of the result are written; nil where it does not matter.
  public var format: OutputFormat? = .protobuf
  /// Whether events are rejected if a registry does not know their schema; nil where it does not matter.
  public var checksSchemaIDs: Bool? = false

  public init(catalog: String, semantics: UInt32, inputPartitions: UInt32, outputPartitions: [UInt32]) {
    self.catalog = catalog
    self.semantics = semantics
    self.inputPartitions = inputPartitions
    self.outputPartitions = outputPartitions
  }

  /// This definition with the given output format and schema check.
  public func written(as format: OutputFormat, checkingSchemaIDs: Bool) -> ResultDefinition {
    var definition = self
    (definition.format, definition.checksSchemaIDs) = (format, checkingSchemaIDs)
    return definition
  }

  /// This definition for a reader, which reads every format.
  public var inAnyFormat: ResultDefinition {
    var definition = self
    (definition.format, definition.checksSchemaIDs) = (nil, nil)
    return definition
  }

  /// The topics whose partitions are counted in `outputPartitions`, in that order.
  public static let outputTopics: [Topic] = [.partnerPartials, .indicatorSnapshots, .indicatorScales]

  /// Why a result that was computed under this definition cannot be continued under `other`, for people; empty if it can.
  public func differences(from other: ResultDefinition) -> [String] {
    var differences: [String] = []
    if catalog != other.catalog {
      differences.append("catalog \(catalog) (here: \(other.catalog))")
    }
    if semantics != other.semantics {
      differences.append("version \(semantics) of the rules (this program: \(other.semantics))")
    }
    if inputPartitions != other.inputPartitions {
      differences.append("\(inputPartitions) partitions of the input topics (now: \(other.inputPartitions))")
    }
    for (topic, (mine, others)) in zip(Self.outputTopics, zip(outputPartitions, other.outputPartitions))
    where mine != others {
      differences.append("\(mine) partitions of \(topic.name) (now: \(others))")
    }
    if let format, let other = other.format, format != other {
      differences.append("output format \(format.optionName) (here: \(other.optionName))")
    }
    if let checksSchemaIDs, let other = other.checksSchemaIDs, checksSchemaIDs != other {
      differences.append(
        checksSchemaIDs
          ? "schema ids checked against a registry (here: no registry)"
          : "no schema registry (here: schema ids are checked against one)")
    }
    return differences
  }
}

extension GenerationRecord {
  /// Nil for a record that contains none.
  public var definition: ResultDefinition? {
    get {
      guard semantics > 0 else { return nil }
      var definition = ResultDefinition(
        catalog: catalog, semantics: semantics, inputPartitions: inputPartitions,
        outputPartitions: outputPartitions)
      definition.format = outputFormat
      definition.checksSchemaIDs = checksSchemaIDs
      return definition
    }
    set {
      catalog = newValue?.catalog ?? ""
      semantics = newValue?.semantics ?? 0
      inputPartitions = newValue?.inputPartitions ?? 0
      outputPartitions = newValue?.outputPartitions ?? []
      outputFormat = newValue?.format ?? .protobuf
      checksSchemaIDs = newValue?.checksSchemaIDs ?? false
    }
  }
}
