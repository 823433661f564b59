/// The unread bytes of a text file, which may be gzip-compressed: reads more of them when they are asked for, and recognizes what is
/// not text. One thread owns it.
struct TextInput: ~Copyable {
  private let source: ByteSource
  private(set) var memory: UnsafeMutableRawBufferPointer
  /// What is read and not handed out.
  var unread = 0..<0
  private(set) var isAtEnd = false
  private var hasForm = false

  enum Beginning {
    /// It is text, whose byte order mark is skipped.
    case text
    /// Nothing came in time; ask again.
    case pending
    /// The file is not text. It has no bytes.
    case foreign(name: String, command: String)
  }

  /// `descriptor` stays the caller's; `capacity` is how many bytes are read at once.
  init(descriptor: Int32, capacity: Int) {
    source = ByteSource(descriptor: descriptor)
    memory = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { memory.deallocate() }

  /// Bytes of the file that were read so far.
  var position: Int64 { source.position }

  /// To be called before bytes are taken, until it is text; after that it costs nothing.
  mutating func begin(_ timeout: Int32) throws(ReadFault) -> Beginning {
    if hasForm { return .text }
    while unread.count < TextForm.enough, !isAtEnd {
      guard try fill(timeout) else { return .pending }
    }
    hasForm = true
    switch TextForm(firstBytes: memory[unread]) {
    case .text(let markCount):
      unread.removeFirst(markCount)
      return .text
    case .foreign(let name, let command):
      end()
      return .foreign(name: name, command: command)
    }
  }

  /// Takes the rest for read.
  mutating func end() { (unread, isAtEnd) = (0..<0, true) }

  /// Reads more behind what is unread, which moves to the front; doubles the memory if that fills it. Returns false if nothing
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
