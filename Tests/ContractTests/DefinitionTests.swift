import Contract
import Foundation
import Testing

/// The definitions agree with the schemas, and the sizes that follow from them hold what they must.
@Suite struct DefinitionTests {
  private static func schema(_ name: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(
      contentsOf: root.appendingPathComponent("schemas/partnerpulse/\(name)"), encoding: .utf8)
  }

  /// The fields of one message, as "type name = number".
  private static func fields(of message: String, in schema: String) throws -> [String] {
    let lines = schema.split(separator: "\n").drop { $0 != "message \(message) {" }.dropFirst()
    return lines.prefix { $0 != "}" }.map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { $0.hasSuffix(";") && !$0.hasPrefix("//") }.map { String($0.dropLast()) }
  }

  @Test func everyIndicatorIsAFieldOfSnapshots() throws {
    let fields = try Self.fields(of: "IndicatorSnapshot", in: Self.schema("v1/snapshots.proto"))
    let expected = IndicatorKind.allCases.map { "Indicator \($0.name) = \($0.definition.field)" }
    #expect(fields.filter { $0.hasPrefix("Indicator ") } == expected)
    #expect(IndicatorArray<Int>(repeating: 0).count == IndicatorKind.allCases.count)
  }

  @Test func everyComponentIsAFieldOfBothMessages() throws {
    let components = try Self.fields(of: "Components", in: Self.schema("v1/snapshots.proto"))
    #expect(components == Component.allCases.map { "int64 \($0.name) = \($0.rawValue + 1)" })
    let row = try Self.fields(of: "MonthRow", in: Self.schema("internal/partials.proto"))
    #expect(row.dropFirst() == Component.allCases.map { "sint64 \($0.name) = \($0.rawValue + 2)" }[...])
    #expect(ComponentArray<Int>(repeating: 0).count == Component.allCases.count)
  }

  @Test func headingsFitTheirColumns() {
    for kind in IndicatorKind.allCases { #expect(kind.definition.heading.utf8CodeUnitCount <= 12) }
  }

  /// Packed columns have five bits for a component, sets of touched indicators and of published months 32, and sets of all months
  /// that count 64 with room for the base to lag behind.
  @Test func setsHoldWhatIsDefined() {
    #expect(Component.allCases.count <= 32)
    #expect(IndicatorKind.allCases.count <= 32)
    #expect(ReportingWindow.publishedMonths <= 32)
    #expect(ReportingWindow.lookBack + ReportingWindow.trailingMonths < 64)
  }

  @Test func everyInputHasAnEventAndNoOtherTopicDoes() {
    for topic in Topic.allCases {
      #expect(topic.isInput == (topic.eventType != nil))
      #expect(topic.eventType.map { $0.topic == topic } ?? true)
      #expect(topic.isInput != topic.keyName.isEmpty)
    }
  }
}
