import Contract

/// The generations of a log, and which one is served. Without any record, only the first exists, and it is served.
package struct Generations: Sendable {
  package private(set) var served = Generation.first
  /// The application that computes the served generation, if recorded.
  package private(set) var servedBy: String?
  private var records: [Generation: GenerationRecord] = [:]

  package init() {}

  /// Applies a record of the topic `generations`; ignores records with unknown keys.
  package mutating func apply(key: String, _ record: GenerationRecord) {
    guard let generation = Generation(record.number) else { return }
    if key == GenerationRecord.servedKey {
      served = generation
      servedBy = record.application
    } else if key == String(record.number) {
      var record = record
      // If two processes began it at the same time, the first definition counts.
      if let first = records[generation]?.definition { record.definition = first }
      records[generation] = record
    }
  }

  /// The record of a generation; the first one may have none.
  package func record(of generation: Generation) -> GenerationRecord? { records[generation] }

  /// The application that computes a generation, if recorded.
  package func application(of generation: Generation) -> String? {
    records[generation]?.application ?? (generation == served ? servedBy : nil)
  }

  /// All generations that have a result, ascending.
  package var kept: [Generation] {
    let all = Set(records.keys).union([.first])
    return all.filter { records[$0]?.state != .dropped }.sorted()
  }

  /// The first number that was never used.
  private var unused: Generation { max(records.keys.max() ?? .first, served).next }
}

/// The reason why an operation on a generation is refused.
package struct GenerationRefusal: Error, CustomStringConvertible {
  package let description: String
}

extension Generations {
  /// The generation to compute: `wanted`, otherwise the one that was started and is not served yet, otherwise a new one. `isNew`
  /// is true for a new one.
  package func toRecompute(
    _ wanted: Generation?, application: String, _ definition: ResultDefinition
  ) throws(GenerationRefusal) -> (GenerationRecord, isNew: Bool) {
    let begun = kept.last { wanted == nil ? $0 > served : $0 == wanted }
    guard let begun, let record = records[begun] else {
      guard wanted == nil || wanted == unused else {
        throw GenerationRefusal(
          description: "the next generation is \(unused.number), not \(wanted?.number ?? 0), "
            + "and \(begun == nil ? "that one does not exist" : "`run` computes the first one")")
      }
      try checkInputs(partitions: definition.inputPartitions)
      return (Self.record(of: unused, application: application, definition), true)
    }
    guard begun >= served else {
      throw GenerationRefusal(
        description:
          "\(begun) is older than the served one; use `run --generation \(begun.number)` to resume it")
    }
    guard record.application.hasSameUTF8(as: application) else {
      throw GenerationRefusal(
        description: "\(begun) was started by application \(record.application), not \(application); "
          + "use `recompute drop --generation \(begun.number)` to start over")
    }
    try check(begun, definition)
    return (record, false)
  }

  static func record(
    of generation: Generation, application: String, _ definition: ResultDefinition
  ) -> GenerationRecord {
    var record = GenerationRecord()
    record.number = generation.number
    record.state = .kept
    record.application = application
    record.definition = definition
    return record
  }

  /// Throws if the generation is computed with another definition, since continuing it would mix results, and explaining it would
  /// be wrong. The error names the differences and the remedies.
  package func check(_ generation: Generation, _ definition: ResultDefinition) throws(GenerationRefusal) {
    guard let made = records[generation]?.definition else { return }
    let differences = made.differences(from: definition)
    guard !differences.isEmpty else { return }
    var remedies: [String] = []
    if made.inputPartitions != definition.inputPartitions {
      remedies.append("use `topics copy` to copy the inputs to topics with another number of partitions")
    }
    if made.catalog != definition.catalog {
      remedies.append("give the catalog that it was computed with as --catalog")
    }
    if made.format != definition.format, let format = made.format, definition.format != nil {
      remedies.append("give --output-format \(format.optionName)")
    }
    if let wanted = definition.checksSchemaIDs, let checks = made.checksSchemaIDs, wanted != checks {
      remedies.append(checks ? "name the registry with --schema-registry" : "leave out --schema-registry")
    }
    if made.inputPartitions == definition.inputPartitions {
      remedies.append("use `recompute` to compute a new result alongside it")
    }
    throw GenerationRefusal(
      description:
        "\(generation) was computed with \(differences.joined(separator: ", ")); \(remedies.joined(separator: "; "))"
    )
  }

  /// Throws if the inputs have another partition count than an existing result was computed with, since keys would now map to
  /// other partitions.
  package func checkInputs(partitions: UInt32) throws(GenerationRefusal) {
    for generation in kept {
      guard let made = records[generation]?.definition, made.inputPartitions != partitions else { continue }
      throw GenerationRefusal(
        description:
          "\(generation) was computed with \(made.inputPartitions) partitions of the input topics, which now have "
          + "\(partitions), so keys map to other partitions; use `topics copy` to copy the inputs to topics with another "
          + "number of partitions")
    }
  }

  /// The generation to switch to: `wanted`, otherwise the newest one, if it is newer than the served one.
  package func toServe(_ wanted: Generation?) throws(GenerationRefusal) -> Generation {
    if let wanted { return try kept(wanted) }
    guard let newest = kept.last, newest > served else {
      throw GenerationRefusal(
        description:
          "\(served) is served and there is no newer one; use --generation to switch to an older one")
    }
    return newest
  }

  /// The generation to compare with the served one: `wanted`, otherwise the newest of the others.
  package func toCompare(_ wanted: Generation?) throws(GenerationRefusal) -> Generation {
    let other = try wanted.map { (wanted) throws(GenerationRefusal) in try kept(wanted) }
    guard let found = other ?? kept.last(where: { $0 != served }), found != served else {
      throw GenerationRefusal(
        description: "there is no other generation to compare the served \(served) with")
    }
    return found
  }

  /// Throws if the generation must not be dropped. Dropping it again is allowed, in case the first attempt was incomplete.
  package func checkDropping(_ generation: Generation) throws(GenerationRefusal) {
    guard generation != served else {
      throw GenerationRefusal(description: "\(generation) is served; switch to another one first")
    }
    guard generation == .first || records[generation] != nil else {
      throw GenerationRefusal(description: "\(generation) does not exist")
    }
  }

  private func kept(_ wanted: Generation) throws(GenerationRefusal) -> Generation {
    guard kept.contains(wanted) else {
      let all = kept.map { String($0.number) }.joined(separator: ", ")
      throw GenerationRefusal(description: "\(wanted) does not exist; the existing ones are \(all)")
    }
    return wanted
  }
}
