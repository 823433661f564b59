/// The state of a task in pieces that are taken while the task continues; each reflects the moment at which it is taken. Since
/// applying an event twice changes nothing, all chunks and a replay of everything since the first one was taken restore the full
/// state.
package protocol StateChunks: AnyObject {
  /// The next one, of about this many bytes. O(bytes).
  func next(bytes: Int) -> StateChunk
}

/// What the next call for a chunk yields.
package enum StateChunk: Sendable {
  case chunk([UInt8])
  /// There are no more.
  case end
  /// The state has changed in a way that makes the chunks taken so far unfit for the rest.
  case stale
}

extension StateChunks {
  /// All of them as of now.
  package func all(bytes: Int = .max) -> [[UInt8]] {
    var all: [[UInt8]] = []
    while case .chunk(let chunk) = next(bytes: bytes) { all.append(chunk) }
    return all
  }
}

/// Goes through the sections of a state, each a list that only grows at its end, and writes chunks: the section's number, how many
/// entries there are, and the entries.
struct SectionCursor {
  private var section: Int
  private var entry = 0

  /// From section `last` down to 0.
  init(last: Int) { section = last }

  /// Nil after the last one. `count` is how many entries a section has, `write` writes one. An empty section has no chunk.
  mutating func next(
    bytes: Int, count: (Int) -> Int, write: (inout StateWriter, _ section: Int, _ entry: Int) -> Void
  ) -> [UInt8]? {
    while section >= 0 {
      let end = count(section)
      guard entry < end else {
        (section, entry) = (section - 1, 0)
        continue
      }
      let first = entry
      var body = StateWriter()
      repeat {
        write(&body, section, entry)
        entry += 1
      } while entry < end && body.bytes.count < bytes
      var chunk = StateWriter()
      chunk.write(UInt8(section))
      chunk.write(UInt32(entry - first))
      return chunk.bytes + body.bytes
    }
    return nil
  }
}

/// The chunks of a state, by section.
struct SectionReader {
  private let chunks: [[UInt8]]

  init(_ chunks: [[UInt8]]) { self.chunks = chunks }

  /// Calls `body` for each entry of a section, in order.
  func readAll(
    of section: Int, _ body: (inout StateReader) throws(DamagedState) -> Void
  ) throws(DamagedState) {
    for chunk in chunks where chunk.first == UInt8(section) {
      try chunk.span.withUnsafeBytes { bytes throws(DamagedState) in
        var reader = StateReader(bytes)
        _ = try reader.read(UInt8.self)
        for _ in 0..<(try reader.read(UInt32.self)) { try body(&reader) }
        guard reader.isAtEnd else { throw DamagedState() }
      }
    }
  }

  /// Throws unless each chunk is of one of the sections up to `last`.
  func check(last: Int) throws(DamagedState) {
    for chunk in chunks {
      guard let section = chunk.first, section <= UInt8(last) else { throw DamagedState() }
    }
  }
}
