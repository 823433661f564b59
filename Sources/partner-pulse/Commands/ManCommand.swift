import Contract
import Glibc
import Platform

/// `man`
struct ManCommand: Command {
  var directory: String?
  private var name = ""

  static let words = ["man"]
  static let summary = "print a manual page, or write all of them"
  static let operands = "[COMMAND]"
  static let description = """
    Prints the page of a command, or without COMMAND that of the program, for `man --local-file -`. With
    --output it writes the pages of all commands into a directory. Their date is SOURCE_DATE_EPOCH if that is
    set, and today otherwise.
    """
  static var options: [Option<Self>] {
    [.value("output", "DIR", "write all pages into this directory, created if missing", \.directory, .text)]
  }

  mutating func take(_ operands: [String]) throws(UsageError) {
    name = operands.joined(separator: " ")
    guard name.isEmpty || Program.commands.contains(where: { $0.name == name }) else {
      throw UsageError("unknown command '\(name)'")
    }
  }

  func check() throws(UsageError) {
    guard directory == nil || name.isEmpty else {
      throw UsageError("--output writes the pages of all commands")
    }
  }

  func run(_ console: Console) throws {
    let pages = ManualPage.all(Program.commands, date: try date)
    guard let directory else {
      let wanted = Program.commands.first { $0.name == name }.map { ManualPage.name(of: $0) } ?? Program.name
      return try console.print(pages.first { $0.name == wanted }?.text ?? "")
    }
    do throws(SystemError) {
      try makeDirectory(directory)
    } catch {
      throw Failure("\(directory): \(error)")
    }
    for page in pages { try write(page, into: directory) }
  }

  private var date: String {
    get throws {
      var seconds = WallClock.now.seconds
      if let epoch = getenv("SOURCE_DATE_EPOCH").map({ String(cString: $0) }), !epoch.isEmpty {
        guard let given = Int64(epoch) else { throw Failure("SOURCE_DATE_EPOCH '\(epoch)' is not a number") }
        seconds = given
      }
      return String((Timestamp(seconds: seconds, nanos: 0).rfc3339 ?? "").prefix(10))
    }
  }

  private func write(_ page: ManualPage, into directory: String) throws {
    let path = "\(directory)/\(page.fileName)"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure("\(path): \(SystemError())") }
    defer { close(descriptor) }
    var buffer = OutputBuffer(descriptor: descriptor)
    try buffer.append(page.text.utf8)
    try buffer.flush()
  }
}
