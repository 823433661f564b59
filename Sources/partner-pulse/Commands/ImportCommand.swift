import Contract
import EventImport
import EventLog
import Glibc

/// `import`
struct ImportCommand: Command {
  var log = LogSettings()
  var files: [String] = []

  static let words = ["import"]
  static let summary = "events from NDJSON files into the input topics"
  static let operands = "FILE…"
  static let description = """
    Each line is an event: {"topic": …, "value": …}, the value in proto3 JSON, with "timestamp" (RFC 3339)
    for the record's own time where that is not now. A FILE called '-' is standard input. A bad line is
    reported with its number, the rest goes in, and the exit code is 1. Importing a file again changes
    nothing. An embedded log that does not exist is made.
    """
  static var options: [Option<Self>] { LogSettings.options(\.log) }

  mutating func take(_ operands: [String]) throws(UsageError) {
    guard !operands.isEmpty else { throw UsageError("no FILE is given; '-' is standard input") }
    files = operands
  }

  func check() throws(UsageError) { try log.check() }

  func run(_ console: Console) throws {
    // All of them first, so that a slip in the last one's name does not leave half an import behind.
    let inputs = try files.map { try InputFile($0) }
    var importer = try EventImporter(try log.openForWriting(console))
    var bar = ProgressBar("importing", on: console)
    defer { bar.end() }
    let total = inputs.reduce(0) { $0 + $1.size }
    var done: Int64 = 0
    var (taken, bad) = (0, 0)
    for input in inputs {
      let lines = LineReader(descriptor: input.descriptor)
      var number = 0
      while let line = try input.nextLine(of: lines) {
        number += 1
        do {
          guard case .bytes(let bytes) = line else { throw EventLine.Fault("the line is too long") }
          if try importer.append(bytes) { taken += 1 }
        } catch let error where error is EventLine.Fault || error is DecodingError {
          bad += 1
          console.complain("\(input.name):\(number): \(error)")
        }
        if number % 10_000 == 0 { bar.update(done: done + lines.position, total: total) }
      }
      done += lines.position
    }
    try importer.flush()
    bar.end()
    console.log(.info, "\(counted(taken, "event")) imported")
    if bad > 0 { throw Failure("\(counted(bad, "bad line")) left out") }
  }
}

/// A file of events that is open for reading.
private final class InputFile {
  let name: String
  let descriptor: Int32
  /// In bytes; zero where that is not known.
  let size: Int64

  init(_ path: String) throws(Failure) {
    name = path == "-" ? "standard input" : path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("cannot read \(path): \(String(cString: strerror(errno)))") }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    size = isKnown ? Int64(status.st_size) : 0
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  func nextLine(of lines: LineReader) throws(Failure) -> LineReader.Line? {
    do {
      return try lines.next()
    } catch {
      throw Failure("cannot read \(name): \(error)")
    }
  }
}
