import Contract
import EventImport
import Glibc
import Platform

/// A CSV file that is open for reading, positioned after its header row.
struct CSVInput {
  let file: InputFile
  let reader: CSVReader
  let mapper: CSVMapper

  /// Throws a `UsageError` if the mapping does not fit the file's columns.
  init(_ path: String, _ mapping: CSVMapping, named mappingName: String) throws {
    file = try InputFile(path)
    reader = CSVReader(descriptor: file.descriptor, separator: mapping.separator)
    let header = try Self.header(file, reader, after: mapping.skippedLines)
    do throws(MappingFault) {
      mapper = try CSVMapper(mapping, header: header)
    } catch {
      throw UsageError("\(mappingName) does not suit \(file.name): \(error)")
    }
  }

  private static func header(_ file: InputFile, _ reader: CSVReader, after skippedLines: Int) throws -> CSVRow
  {
    while true {
      let item: CSVReader.Item?
      switch try file.reading({ () throws(ReadFault) in try reader.next() }) {
      case .success(let found): item = found
      case .failure(let fault): throw Failure("cannot read \(file.name): \(fault)")
      }
      switch item {
      case .row(let row) where row.line > skippedLines: return row
      case .invalid(let line, let reason) where line > skippedLines:
        throw Failure("\(file.name):\(line): the row of column names: \(reason)")
      case .notText(let name, let command):
        throw Failure("\(file.name): this is \(name); convert it with `\(command)`")
      case .tooLong(let line): throw Failure("\(file.name):\(line): \(CSVInput.tooLongText)")
      case nil: throw Failure("\(file.name): there is no row of column names")
      case .row, .invalid, .pending: continue
      }
    }
  }

  static let tooLongText =
    "the row is longer than \(CSVReader.longestRow >> 20) MiB; is a quote not closed? What follows is not read"
}

/// `--csv TOPIC=FILE`
struct CSVOption {
  let topic: Topic
  let path: String
}

extension OptionValue<CSVOption> {
  static var csv: Self {
    OptionValue(
      expectation: "TOPIC=FILE, with one of \(Topic.inputs.map(\.name).joined(separator: ", "))"
    ) { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty, let topic = Topic(name: parts[0]), topic.isInput else {
        return nil
      }
      return CSVOption(topic: topic, path: String(parts[1]))
    }
  }
}
