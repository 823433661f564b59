import EventImport
import Glibc
import Platform

/// A file of events that is open for reading.
final class InputFile {
  let name: String
  let descriptor: Int32
  /// In bytes; nil for a pipe and the like, whose events are to be written as they come.
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

  /// Throws what the system says; returns what is wrong with the file's content.
  func reading<Item>(_ read: () throws(ReadFault) -> Item?) throws(Failure) -> Result<Item?, ReadFault> {
    do throws(ReadFault) {
      return .success(try read())
    } catch {
      if case .system(let error) = error { throw Failure("cannot read \(name): \(error)") }
      return .failure(error)
    }
  }
}
