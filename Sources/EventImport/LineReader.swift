import Glibc

/// Reads lines from a file descriptor. One thread owns it.
package final class LineReader {
  private let descriptor: Int32
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
  /// What is read and not handed out.
  private var unread = 0..<0
  private var isAtEnd = false
  /// Bytes read so far.
  package private(set) var position: Int64 = 0

  /// A longer line is handed out as nil: no log would take it.
  package static let longestLine = 64 << 20

  package enum Line {
    case bytes(UnsafeRawBufferPointer)
    case tooLong
  }

  /// `descriptor` stays the caller's.
  package init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { memory.deallocate() }

  /// The next line without its newline, or nil at the end; valid until the next call. Throws the system's reason.
  package func next() throws(ReadError) -> Line? {
    var searched = 0
    while true {
      let rest = UnsafeRawBufferPointer(rebasing: memory[unread])
      if let start = rest.baseAddress, let newline = memchr(start + searched, 10, rest.count - searched) {
        let length = newline - UnsafeMutableRawPointer(mutating: start)
        unread = (unread.lowerBound + length + 1)..<unread.upperBound
        return .bytes(UnsafeRawBufferPointer(rebasing: rest[..<length]))
      }
      searched = rest.count
      if isAtEnd {
        unread = unread.upperBound..<unread.upperBound
        return rest.isEmpty ? nil : .bytes(rest)
      }
      if searched > Self.longestLine {
        try skipLine()
        return .tooLong
      }
      try fill()
    }
  }

  /// Reads more behind what is unread, which moves to the front; doubles the memory if that fills it.
  private func fill() throws(ReadError) {
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
    while true {
      let count = read(descriptor, memory.baseAddress! + unread.upperBound, memory.count - unread.upperBound)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw ReadError(String(cString: strerror(errno))) }
      isAtEnd = count == 0
      position += Int64(count)
      unread = unread.lowerBound..<unread.upperBound + count
      return
    }
  }

  /// Drops everything up to the next newline.
  private func skipLine() throws(ReadError) {
    while !isAtEnd {
      unread = 0..<0
      try fill()
      guard let newline = memchr(memory.baseAddress!, 10, unread.upperBound) else { continue }
      unread = (newline - memory.baseAddress! + 1)..<unread.upperBound
      return
    }
    unread = 0..<0
  }
}

/// Why a file cannot be read: the system's words.
package struct ReadError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
