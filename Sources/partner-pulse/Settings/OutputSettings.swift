import Contract
import EventLog
import HTTPClient
import SchemaRegistry
import Topology

/// The options for how results are written; the same in all commands that compute them.
struct OutputSettings {
  var format = OutputFormat.protobuf
  var registry = RegistrySettings()

  static func options<C>(_ path: WritableKeyPath<C, OutputSettings>) -> [Option<C>] {
    let own: [Option<OutputSettings>] =
      [
        .value(
          "output-format", "FORMAT",
          "how snapshots and scales are written: protobuf, json, confluent (protobuf with a schema id) or confluent-json (default: protobuf)",
          \.format, .outputFormat)
      ] + RegistrySettings.options(\.registry)
    return own.map { $0.within(path) }
  }

  /// Whether any of these options was given.
  var isGiven: Bool { format != .protobuf || registry.address != nil }

  func check() throws(UsageError) {
    try registry.check(neededBy: format.isFramed ? "--output-format \(format.optionName)" : nil)
  }

  /// `definition` with the output format and the schema check of these options.
  func apply(to definition: ResultDefinition) -> ResultDefinition {
    definition.written(as: format, checkingSchemaIDs: registry.address != nil)
  }

  func plan() throws(UsageError) -> OutputPlan {
    OutputPlan(format: format, registry: try registry.open(), registers: !registry.mustNotRegister)
  }
}

/// How a process writes results, and which schema registry it uses.
struct OutputPlan {
  let format: OutputFormat
  let registry: SchemaRegistry?
  let registers: Bool

  /// `definition` with the output format and the schema check of this plan.
  func apply(to definition: ResultDefinition) -> ResultDefinition {
    definition.written(as: format, checkingSchemaIDs: registry != nil)
  }

  /// Checks that the registry answers and supports the schema type. Throws a `UsageError`, or a `retriable` error.
  func checkRegistry() throws {
    try withRegistry { (registry) throws(RegistryError) in
      try registry.check(ResultSchemas(format)?.type ?? .protobuf)
    }
  }

  /// The options for computing a generation. Looks its schemas up in the registry, or registers them; `prefix` is the topic
  /// prefix. Throws a `UsageError`, or a `retriable` error.
  func options(of generation: Generation, prefix: String) throws -> OutputOptions {
    var options = OutputOptions()
    options.encoding = ResultEncoding(format)
    let encoding = try withRegistry { (registry) throws(RegistryError) in
      try ResultSchemas(format)?.encoding {
        prefix + $0.name(in: generation)
      } id: {
        (schema, subject) throws(RegistryError) in
        registers
          ? try registry.register(schema, under: subject) : try registry.lookUp(schema, under: subject)
      }
    }
    if let encoding = encoding ?? nil { options.encoding = encoding }
    options.inputSchemas = registry.map(KnownSchemas.init)
    return options
  }

  /// Says whether the registry has the schemas of a generation, or would accept them. Changes nothing. Throws if neither is
  /// true.
  func checkSchemas(of generation: Generation, prefix: String) throws -> String {
    var areNew = false
    _ = try withRegistry { (registry) throws(RegistryError) in
      _ = try ResultSchemas(format)?.encoding {
        prefix + $0.name(in: generation)
      } id: {
        (schema, subject) throws(RegistryError) in
        guard registers else { return try registry.lookUp(schema, under: subject) }
        if try registry.checkRegistration(of: schema, under: subject) { areNew = true }
        return 0
      }
    }
    return areNew ? "they are registered by the command" : "they are registered"
  }

  private func withRegistry<T>(_ body: (SchemaRegistry) throws(RegistryError) -> T) throws -> T? {
    guard let registry else { return nil }
    do throws(RegistryError) {
      return try body(registry)
    } catch {
      guard error.mayPass else { throw UsageError("--schema-registry: \(error)") }
      throw LogError(.retriable, code: "SCHEMA_REGISTRY", "the schema registry cannot be asked: \(error)")
    }
  }
}

extension OptionValue<OutputFormat> {
  fileprivate static var outputFormat: Self {
    let names = OutputFormat.all.map(\.name)
    return OptionValue(expectation: "one of \(names.joined(separator: ", "))", choices: names) { text in
      OutputFormat.all.first { $0.name == text }?.format
    }
  }
}
