import Glibc

/// Reads lines of text from a file descriptor, which may be gzip-compressed. Owned by one thread.
package final class LineReader {
  private var input: TextInput
  /// How many of the unread bytes are known to contain no newline.
  private var searched = 0
  /// Whether the current line is too long, and skipped.
  private var isSkipping = false
  /// Bytes of the file that were read so far.
  package var position: Int64 { input.position }

  /// The maximum size of a line in bytes. No log would accept the events of longer ones.
  package static let longestLine = 64 << 20

  package enum Line {
    /// Without its newline; valid until the next call.
    case bytes(UnsafeRawBufferPointer)
    case tooLong
    /// Nothing came within the timeout.
    case pending
    /// The file is not text, and `command` converts it. It has no lines.
    case notText(name: String, command: String)
  }

  /// `descriptor` stays the caller's.
  package init(descriptor: Int32) { input = TextInput(descriptor: descriptor, capacity: 1 << 20) }

  /// The next line, or nil at the end. Waits up to `timeout` milliseconds, or without limit if that is negative.
  package func next(timeout: Int32 = -1) throws(ReadFault) -> Line? {
    switch try input.begin(timeout) {
    case .text: break
    case .pending: return .pending
    case .notText(let name, let command): return .notText(name: name, command: command)
    }
    while true {
      if let line = takeLine() { return line }
      if input.isAtEnd { return takeLast() }
      if input.unread.count > Self.longestLine { isSkipping = true }
      if isSkipping { (input.unread, searched) = (0..<0, 0) }
      guard try input.fill(timeout) else { return .pending }
    }
  }

  private func takeLine() -> Line? {
    let rest = UnsafeRawBufferPointer(rebasing: input.memory[input.unread])
    guard let start = rest.baseAddress, let newline = memchr(start + searched, 10, rest.count - searched)
    else {
      searched = rest.count
      return nil
    }
    let length = newline - UnsafeMutableRawPointer(mutating: start)
    input.unread.removeFirst(length + 1)
    searched = 0
    return line(UnsafeRawBufferPointer(rebasing: rest[..<length]))
  }

  /// The last line, if the file does not end with a newline.
  private func takeLast() -> Line? {
    let rest = UnsafeRawBufferPointer(rebasing: input.memory[input.unread])
    (input.unread, searched) = (input.unread.upperBound..<input.unread.upperBound, 0)
    return rest.isEmpty && !isSkipping ? nil : line(rest)
  }

  private func line(_ bytes: UnsafeRawBufferPointer) -> Line {
    defer { isSkipping = false }
    return isSkipping || bytes.count > Self.longestLine ? .tooLong : .bytes(bytes)
  }
}
