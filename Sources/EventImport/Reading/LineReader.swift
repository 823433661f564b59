import Glibc

/// Reads lines of text from a file descriptor, which may be gzip-compressed. One thread owns it.
package final class LineReader {
  private var input: TextInput
  /// How much of what is unread is known to hold no newline.
  private var searched = 0
  /// Within a line that is too long.
  private var isSkipping = false
  /// Bytes of the file that were read so far.
  package var position: Int64 { input.position }

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
  package init(descriptor: Int32) { input = TextInput(descriptor: descriptor, capacity: 1 << 20) }

  /// The next line, or nil at the end. Waits for it up to `timeout` milliseconds, or forever if that is negative.
  package func next(timeout: Int32 = -1) throws(ReadFault) -> Line? {
    switch try input.begin(timeout) {
    case .text: break
    case .pending: return .pending
    case .foreign(let name, let command): return .foreign(name: name, command: command)
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

  /// What comes after the last newline, if anything does.
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
