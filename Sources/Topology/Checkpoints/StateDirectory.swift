import FoundationEssentials
import Glibc
import Platform

/// The directory with the checkpoints of one process, and with the id that identifies the process across restarts.
package final class StateDirectory: CheckpointStore {
  package let path: String
  /// A random id, chosen when the directory is created; a restarted process fences its previous instance with it.
  package let processID: String
  /// Held locked while the process lives.
  private let lock: Int32

  /// Opens the directory, or creates it. Throws a `Failure` if another process has it open.
  package init(path: String) throws {
    self.path = path
    do throws(SystemError) {
      try makeDirectory(path)
    } catch {
      throw Failure("state directory \(path) cannot be created: \(error)")
    }
    let file = path + "/process-id"
    lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else {
      throw Failure("state directory \(path): \(SystemError())")
    }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw Failure("state directory \(path) is in use by another process")
    }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = pread(lock, &bytes, bytes.count, 0)
    guard count >= 0 else { throw Failure("\(file): \(SystemError())") }
    let line = bytes[..<count].prefix { $0 > UInt8(ascii: " ") }
    let known = String(decoding: line, as: UTF8.self)
    if UUID(uuidString: known) != nil {
      processID = known
    } else {
      processID = UUID().uuidString.lowercased()
      ftruncate(lock, 0)
      try StateDirectory.writeAll(Array((processID + "\n").utf8), to: lock)
    }
  }

  deinit { close(lock) }

  package func read(_ name: String) throws -> [UInt8]? {
    let file = file(name)
    guard fileExists(file) else { return nil }
    return try readFile(file)
  }

  package func begin(_ name: String) throws -> any CheckpointOutput {
    try Output(file: file(name), directory: path)
  }

  private func file(_ name: String) -> String { "\(path)/\(name).checkpoint" }

  /// Writes to a temporary file, which replaces the previous checkpoint at the end.
  private final class Output: CheckpointOutput {
    private let file: String
    private let directory: String
    private let aside: String
    private let descriptor: Int32
    private var size: Int64 = 0
    private var isFinished = false

    init(file: String, directory: String) throws {
      self.file = file
      self.directory = directory
      aside = file + ".new"
      descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw failure() }
    }

    deinit {
      guard descriptor >= 0 else { return }
      close(descriptor)
      if !isFinished { unlink(aside) }
    }

    func append(_ bytes: [UInt8]) throws {
      do {
        try StateDirectory.writeAll(bytes, to: descriptor)
      } catch {
        throw Failure("\(aside): \(error)")
      }
      // Makes Linux start writing the bytes to disk now, so that the final fsync takes little time.
      posix_fadvise(descriptor, Int(size), bytes.count, POSIX_FADV_DONTNEED)
      size += Int64(bytes.count)
    }

    func finish() throws {
      guard fsync(descriptor) == 0, rename(aside, file) == 0 else { throw failure() }
      isFinished = true
      // The rename itself is durable only once the directory is.
      let directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      if directory >= 0 {
        fsync(directory)
        close(directory)
      }
    }

    private func failure() -> Failure {
      Failure("\(aside): \(SystemError())")
    }
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
    try bytes.withUnsafeBytes { all in
      var written = 0
      while written < all.count {
        let rest = UnsafeRawBufferPointer(rebasing: all[written...])
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw Failure(SystemError().description) }
        written += count
      }
    }
  }
}
