/// Buffers the bytes of a text file, which may be gzip-compressed, and detects files that are not text. Owned by one thread.
struct TextInput: ~Copyable {
  private let source: ByteSource
  private(set) var memory: UnsafeMutableRawBufferPointer
  /// The range of `memory` that is not consumed yet.
  var unread = 0..<0
  private(set) var isAtEnd = false
  private var hasForm = false

  enum Beginning {
    /// It is text. A byte order mark is skipped.
    case text
    /// Nothing came within the timeout.
    case pending
    /// The file is not text, and `command` converts it. Nothing can be read.
    case notText(name: String, command: String)
  }

  /// `descriptor` stays the caller's; `capacity` is the initial size of the buffer in bytes.
  init(descriptor: Int32, capacity: Int) {
    source = ByteSource(descriptor: descriptor)
    memory = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { memory.deallocate() }

  /// Bytes of the file that were read so far.
  var position: Int64 { source.position }

  /// Detects the format. Must be called until it returns `text`, before bytes are consumed; further calls cost nothing.
  mutating func begin(_ timeout: Int32) throws(ReadFault) -> Beginning {
    if hasForm { return .text }
    while unread.count < TextForm.signatureSize, !isAtEnd {
      guard try fill(timeout) else { return .pending }
    }
    hasForm = true
    switch TextForm(firstBytes: memory[unread]) {
    case .text(let markCount):
      unread.removeFirst(markCount)
      return .text
    case .notText(let name, let command):
      end()
      return .notText(name: name, command: command)
    }
  }

  /// Ignores the rest of the file.
  mutating func end() { (unread, isAtEnd) = (0..<0, true) }

  /// Reads more bytes behind the unread ones, which move to the front; doubles the memory if it is full. Returns false if nothing
  /// came within `timeout` milliseconds.
  mutating func fill(_ timeout: Int32) throws(ReadFault) -> Bool {
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
