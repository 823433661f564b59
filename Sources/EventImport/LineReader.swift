import Glibc
import Platform

/// Reads lines of text from a file descriptor. One thread owns it.
package final class LineReader {
  private let descriptor: Int32
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
  /// What is read and not handed out.
  private var unread = 0..<0
  /// How much of that is known to hold no newline.
  private var searched = 0
  private var isAtEnd = false
  /// Within a line that is too long.
  private var isSkipping = false
  private var hasForm = false
  /// Bytes read so far.
  package private(set) var position: Int64 = 0

  /// Longer lines are not returned, since no log would accept them.
  package static let longestLine = 64 << 20

  package enum Line {
    /// Without its newline; valid until the next call.
    case bytes(UnsafeRawBufferPointer)
    case tooLong
    /// Nothing came in time; ask again.
    case pending
    /// The file is not text. It has no lines.
    case foreign(name: String, command: String)
  }

  /// `descriptor` stays the caller's.
  package init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { memory.deallocate() }

  /// The next line, or nil at the end. Waits for it up to `timeout` milliseconds, or forever if that is negative.
  /// Throws the system's reason.
  package func next(timeout: Int32 = -1) throws(SystemError) -> Line? {
    if !hasForm {
      while unread.count < TextForm.enough, !isAtEnd {
        guard try fill(timeout) else { return .pending }
      }
      hasForm = true
      switch TextForm(firstBytes: memory[unread]) {
      case .text(let markCount): unread = (unread.lowerBound + markCount)..<unread.upperBound
      case .foreign(let name, let command):
        (unread, isAtEnd) = (0..<0, true)
        return .foreign(name: name, command: command)
      }
    }
    while true {
      if let line = takeLine() { return line }
      if isAtEnd { return takeLast() }
      if unread.count > Self.longestLine { isSkipping = true }
      if isSkipping { (unread, searched) = (0..<0, 0) }
      guard try fill(timeout) else { return .pending }
    }
  }

  private func takeLine() -> Line? {
    let rest = UnsafeRawBufferPointer(rebasing: memory[unread])
    guard let start = rest.baseAddress, let newline = memchr(start + searched, 10, rest.count - searched)
    else {
      searched = rest.count
      return nil
    }
    let length = newline - UnsafeMutableRawPointer(mutating: start)
    unread = (unread.lowerBound + length + 1)..<unread.upperBound
    searched = 0
    return line(UnsafeRawBufferPointer(rebasing: rest[..<length]))
  }

  /// What comes after the last newline, if anything does.
  private func takeLast() -> Line? {
    let rest = UnsafeRawBufferPointer(rebasing: memory[unread])
    (unread, searched) = (unread.upperBound..<unread.upperBound, 0)
    return rest.isEmpty && !isSkipping ? nil : line(rest)
  }

  private func line(_ bytes: UnsafeRawBufferPointer) -> Line {
    defer { isSkipping = false }
    return isSkipping || bytes.count > Self.longestLine ? .tooLong : .bytes(bytes)
  }

  /// Reads more behind what is unread, which moves to the front; doubles the memory if that fills it. Returns false if
  /// nothing came in time.
  private func fill(_ timeout: Int32) throws(SystemError) -> Bool {
    if unread.lowerBound > 0 {
      memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[unread]))
      unread = 0..<unread.count
    }
    if unread.upperBound == memory.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: memory.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(memory))
      memory.deallocate()
      memory = larger
    }
    // So that nobody waits in `read`. An error shows there.
    var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&input, 1, timeout)
    if ready == 0 || ready < 0 && errno == EINTR { return false }
    let free = UnsafeMutableRawBufferPointer(rebasing: memory[unread.upperBound...])
    let count = read(descriptor, free.baseAddress, free.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return false }
    guard count >= 0 else { throw SystemError() }
    isAtEnd = count == 0
    position += Int64(count)
    unread = unread.lowerBound..<unread.upperBound + count
    return true
  }
}
