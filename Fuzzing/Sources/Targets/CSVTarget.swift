import Contract
import EventImport
import Foundation
import Glibc

/// A mapping and a CSV file that it is for: a byte for the topic, the mapping, a NUL, the file.
struct CSVTarget: FuzzTarget {
  static let name = "csv"
  private let file = MemoryFile()

  func run(_ input: UnsafeRawBufferPointer) {
    guard let first = input.first, let end = input.dropFirst().firstIndex(of: 0) else { return }
    let topic = Topic.inputs[Int(first) % Topic.inputs.count]
    let json = Array(input[1..<end])
    file.write(input[(end + 1)...])
    lseek(file.descriptor, 0, SEEK_SET)
    do throws(MappingFault) {
      try run(try CSVMapping(json: json, topic: topic))
    } catch {
      expect(!error.description.isEmpty, "a mapping is refused without a reason")
    }
  }

  private func run(_ mapping: CSVMapping) throws(MappingFault) {
    let reader = CSVReader(descriptor: file.descriptor, separator: mapping.separator)
    var mapper: CSVMapper?
    var repeated = RepeatedRows(limit: 5)
    var last = 0
    var importer = EventImporter(checkingOnly: true) { _, reason in
      // Everything else, the mapping has to see.
      expect(reason.contains("key field"), "an event that a mapping made is refused: \(reason)")
    }
    while let item = next(reader) {
      switch item {
      case .row(let row):
        expect(row.line > last, "rows are out of order")
        last = row.line
        guard row.line > mapping.skippedLines else { continue }
        guard let mapper else {
          mapper = try CSVMapper(mapping, header: row)
          continue
        }
        switch mapper.event(of: row) {
        case .skipped: break
        case .refused(let reason): Self.check(reason)
        case .event(let line, let identity):
          _ = repeated.note(identity, line: row.line)
          let isTaken = line.withUnsafeBytes { try? importer.append($0, number: row.line) }
          expect(isTaken == true, "an event that a mapping made is no line")
        }
      case .invalid(let line, let reason):
        expect(line > last, "rows are out of order")
        last = line
        Self.check(reason)
      case .tooLong, .notText: break
      case .pending: fatalError("a file does not let anybody wait")
      }
    }
  }

  private func next(_ reader: CSVReader) -> CSVReader.Item? {
    do throws(ReadFault) {
      return try reader.next()
    } catch {
      if case .system = error { fatalError("\(error)") }
      return nil
    }
  }

  private static func check(_ reason: String) {
    expect(!reason.isEmpty && !reason.contains("\n"), "a row is refused with the reason \"\(reason)\"")
  }

  static func seeds() throws -> [[UInt8]] {
    let examples: [(Topic, String, String)] = [
      (.billingLines, "billing", "billing"), (.customers, "billing", "customers"),
      (.billingLines, "license-based-invoice", "license-based-invoice"),
      (.subscriptions, "subscriptions", "subscriptions"),
      (.licenseAssignments, "license-report", "license-report"),
      (.examPasses, "exams", "exams"),
    ]
    return try examples.map { topic, file, mapping in
      let number = UInt8(Topic.inputs.firstIndex(of: topic) ?? 0)
      return [number] + (try read("\(mapping).map.json")) + [0] + (try read("\(file).csv"))
    }
  }

  private static func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "examples/import/\(name)")))
  }
}
