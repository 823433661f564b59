import Glibc

/// Reads lines of text from a file descriptor, which may be gzip-compressed. One thread owns it.
package final class LineReader {
  private let source: ByteSource
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
  /// What is read and not handed out.
  private var unread = 0..<0
  /// How much of that is known to hold no newline.
  private var searched = 0
  private var isAtEnd = false
  /// Within a line that is too long.
  private var isSkipping = false
  private var hasForm = false
  /// Bytes of the file that were read so far.
  package var position: Int64 { source.position }

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
  package init(descriptor: Int32) { source = ByteSource(descriptor: descriptor) }

  deinit { memory.deallocate() }

  /// The next line, or nil at the end. Waits for it up to `timeout` milliseconds, or forever if that is negative.
  package func next(timeout: Int32 = -1) throws(ReadFault) -> Line? {
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
  private func fill(_ timeout: Int32) throws(ReadFault) -> Bool {
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
    let room = UnsafeMutableRawBufferPointer(rebasing: memory[unread.upperBound...])
    switch try source.read(into: room, timeout: timeout) {
    case .pending: return false
    case .end: isAtEnd = true
    case .bytes(let count): unread = unread.lowerBound..<unread.upperBound + count
    }
    return true
  }
}
