import EventLog
import Platform

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The right of one process to run a group of a file: an advisory lock (flock) on `FILE-GROUP.lock`. The kernel releases it
/// when the process ends, however it ends. The lock file stays, since removing it would race with other processes.
package final class GroupLock: Sendable {
  private let descriptor: Int32

  /// Throws an `unusable` error if another process, or another `SQLiteLog` of this one, has the group.
  package init(file: String, group: String) throws(LogError) {
    let path = "\(file)-\(Self.escaped(group)).lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw LogError(
        .unusable, code: "GROUP_LOCK", "\(path) cannot be opened: \(SystemError())")
    }
    var outcome = flock(descriptor, LOCK_EX | LOCK_NB)
    while outcome != 0, errno == EINTR { outcome = flock(descriptor, LOCK_EX | LOCK_NB) }
    guard outcome == 0 else {
      let problem = errno
      let holder = Self.holder(descriptor)
      close(descriptor)
      guard problem == EWOULDBLOCK else {
        throw LogError(
          .unusable, code: "GROUP_LOCK", "\(path) cannot be locked: \(SystemError(code: problem))"
        )
      }
      throw LogError(
        .unusable, code: "GROUP_IN_USE",
        "group '\(group)' of \(file) is in use by \(holder); only one process at a time can run it on a SQLite log"
      )
    }
    self.descriptor = descriptor
    // The process id serves only the message above, so a failure does not matter.
    let holder = "\(getpid())\n"
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, holder, holder.utf8.count, 0) }
  }

  deinit {
    // Closing is not enough: a child process shares the lock between its fork and exec.
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func holder(_ descriptor: Int32) -> String {
    var text = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &text, text.count, 0)
    let number = Int32(String(decoding: text.prefix(max(count, 0)).prefix { $0 != 10 }, as: UTF8.self))
    return number.map { "process \($0)" } ?? "another process"
  }

  /// `group` as part of a file name: any character but a letter, a digit, `.`, `_` or `-` is written as % and two
  /// hexadecimal digits.
  private static func escaped(_ group: String) -> String {
    var name = ""
    for byte in group.utf8 {
      let character = Unicode.Scalar(byte)
      let isPlain = character.properties.isASCIIHexDigit || "a"..."z" ~= character || "A"..."Z" ~= character
      if isPlain || "._-".unicodeScalars.contains(character) {
        name.unicodeScalars.append(character)
      } else {
        name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return name
  }
}
