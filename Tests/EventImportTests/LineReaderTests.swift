import Compression
import EventImport
import Glibc
import Testing

@Suite struct LineReaderTests {
  /// Both ends of a pipe.
  private final class Pipe {
    let reading: Int32
    private(set) var writing: Int32

    init() {
      var ends: [Int32] = [0, 0]
      _ = pipe(&ends)
      (reading, writing) = (ends[0], ends[1])
    }

    deinit {
      finish()
      close(reading)
    }

    func send(_ bytes: some Collection<UInt8>) {
      let all = Array(bytes)
      _ = write(writing, all, all.count)
    }

    func finish() {
      if writing >= 0 { close(writing) }
      writing = -1
    }
  }

  /// The next line as text, "pending" or "too long" in brackets; nil at the end.
  private func next(_ lines: LineReader, timeout: Int32 = 0) throws -> String? {
    switch try lines.next(timeout: timeout) {
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .pending: "[pending]"
    case .tooLong: "[too long]"
    case .notText(let name, _): "[\(name)]"
    case nil: nil
    }
  }

  @Test func aLineThatComesInPiecesIsHandedOutWhole() throws {
    let pipe = Pipe()
    let lines = LineReader(descriptor: pipe.reading)
    #expect(try next(lines) == "[pending]")
    pipe.send("one and".utf8)
    #expect(try next(lines) == "[pending]")
    pipe.send(" a half\n\ntwo\nthr".utf8)
    #expect(try next(lines) == "one and a half")
    #expect(try next(lines) == "")
    #expect(try next(lines) == "two")
    #expect(try next(lines) == "[pending]")
    pipe.send("ee".utf8)
    pipe.finish()
    #expect(try next(lines, timeout: -1) == "three")
    #expect(try next(lines) == nil)
    #expect(lines.position == 25)
  }

  @Test func aByteOrderMarkIsSkippedAtTheStartAlone() throws {
    let pipe = Pipe()
    pipe.send([0xef])
    let lines = LineReader(descriptor: pipe.reading)
    #expect(try next(lines) == "[pending]")
    pipe.send([0xbb, 0xbf] + Array("first\n\u{feff}second".utf8))
    pipe.finish()
    #expect(try next(lines) == "first")
    #expect(try Array((next(lines) ?? "").utf8) == [0xef, 0xbb, 0xbf] + Array("second".utf8))
    #expect(try next(lines) == nil)
  }

  @Test func whatIsNoTextHasNoLines() throws {
    let pipe = Pipe()
    pipe.send([0x28, 0xb5, 0x2f, 0xfd, 10, 10, 10])
    let lines = LineReader(descriptor: pipe.reading)
    #expect(try next(lines) == "[zstd-compressed]")
    #expect(try next(lines) == nil)
  }

  @Test func gzipIsDecompressedAsItComes() throws {
    let pipe = Pipe()
    let bytes = try #require(Gzip.compress(Array("one\ntwo".utf8)))
    let lines = LineReader(descriptor: pipe.reading)
    pipe.send(bytes.prefix(1))
    #expect(try next(lines) == "[pending]")
    pipe.send(bytes.dropFirst().dropLast(4))
    #expect(try next(lines) == "one")
    #expect(try next(lines) == "[pending]")
    pipe.send(bytes.suffix(4))
    // A second member.
    pipe.send(try #require(Gzip.compress(Array(" and a half\n".utf8))))
    pipe.finish()
    #expect(try next(lines) == "two and a half")
    #expect(try next(lines) == nil)
  }

  @Test func aGzipFileThatEndsEarlyDoesNotEndWithHalfALine() throws {
    let pipe = Pipe()
    let bytes = try #require(Gzip.compress(Array("one\ntwo".utf8)))
    pipe.send(bytes.dropLast(4))
    pipe.finish()
    let lines = LineReader(descriptor: pipe.reading)
    #expect(try next(lines) == "one")
    #expect(throws: ReadFault.self) { try next(lines) }
  }

  @Test func whatWasCompressedTwiceIsNoText() throws {
    let pipe = Pipe()
    let once = try #require(Gzip.compress(Array("one\n".utf8)))
    pipe.send(try #require(Gzip.compress(once)))
    pipe.finish()
    #expect(try next(LineReader(descriptor: pipe.reading)) == "[gzip-compressed]")
  }

  @Test func lessThanTellsItsFormIsStillRead() throws {
    let pipe = Pipe()
    pipe.send("{}".utf8)
    pipe.finish()
    let lines = LineReader(descriptor: pipe.reading)
    #expect(try next(lines, timeout: -1) == "{}")
    #expect(try next(lines) == nil)
  }

  @Test func aLineThatIsTooLongIsLeftOut() throws {
    let file = try #require(tmpfile())
    defer { fclose(file) }
    let descriptor = fileno(file)
    let piece = [UInt8](repeating: 120, count: 1 << 20)
    func write(_ bytes: [UInt8]) { _ = Glibc.write(descriptor, bytes, bytes.count) }
    write(Array("before\n".utf8))
    for _ in 0..<65 { write(piece) }
    write(Array("\nbetween\n".utf8))
    for _ in 0..<65 { write(piece) }
    lseek(descriptor, 0, SEEK_SET)
    let lines = LineReader(descriptor: descriptor)
    #expect(try next(lines) == "before")
    #expect(try next(lines) == "[too long]")
    #expect(try next(lines) == "between")
    #expect(try next(lines) == "[too long]")
    #expect(try next(lines) == nil)
  }
}
