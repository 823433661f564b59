import EventImport
import Glibc
import Platform

/// A file of events that is open for reading.
final class InputFile {
  let name: String
  let descriptor: Int32
  /// The size in bytes; nil for a pipe or a terminal, whose events must be written as they arrive.
  let size: Int64?

  init(_ path: String) throws(Failure) {
    name = path == "-" ? "standard input" : path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("cannot read \(path): \(SystemError())") }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    size = isKnown ? Int64(status.st_size) : nil
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// Runs `read`. Throws system errors, and returns faults in the file's content.
  func reading<Item>(_ read: () throws(ReadFault) -> Item?) throws(Failure) -> Result<Item?, ReadFault> {
    do throws(ReadFault) {
      return .success(try read())
    } catch {
      if case .system(let error) = error { throw Failure("cannot read \(name): \(error)") }
      return .failure(error)
    }
  }
}
