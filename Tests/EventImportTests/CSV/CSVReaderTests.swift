import Compression
import EventImport
import Glibc
import Testing

@Suite struct CSVReaderTests {
  /// What the reader makes of a file: rows as arrays, everything else in one text.
  private func read(_ bytes: [UInt8], separator: Character = ",") throws -> [[String]] {
    let file = try #require(tmpfile())
    defer { fclose(file) }
    fwrite(bytes, 1, bytes.count, file)
    rewind(file)
    let reader = CSVReader(descriptor: fileno(file), separator: separator.asciiValue ?? 0)
    var rows: [[String]] = []
    while let item = try reader.next() {
      switch item {
      case .row(let row):
        rows.append((0..<row.count).map { row.field($0) ?? "[not UTF-8]" } + ["@\(row.line)"])
      case .invalid(let line, let reason): rows.append(["[\(reason)]", "@\(line)"])
      case .notText(let name, _): rows.append(["[\(name)]"])
      case .tooLong(let line): rows.append(["[too long]", "@\(line)"])
      case .pending: break
      }
    }
    return rows
  }

  @Test(
    arguments: [
      ("a,b\n1,2\n", [["a", "b", "@1"], ["1", "2", "@2"]]),
      ("a,b\r\n1,2", [["a", "b", "@1"], ["1", "2", "@2"]]),
      ("\u{feff}a\r\n\r\n\n 1 \n", [["a", "@1"], ["1", "@4"]]),
      ("\"a,\"\"b\"\"\",c\n", [["a,\"b\"", "c", "@1"]]),
      ("\"two\r\nlines\",x\ny,z\n", [["two\r\nlines", "x", "@1"], ["y", "z", "@3"]]),
      ("a,\n,\n", [["a", "", "@1"], ["", "", "@2"]]), ("\"\"\n", []), ("", []), ("\n\n", []),
      ("\"a\"b,c\nd,e\n", [["[text after the closing quote of field 1]", "@1"], ["d", "e", "@2"]]),
      (
        "x,a\"b\nd,e\n",
        [["[a quote within field 2, which does not start with one]", "@1"], ["d", "e", "@2"]]
      ),
      ("a\rb,c\nd\n", [["[a carriage return without a line feed after it]", "@1"], ["d", "@2"]]),
      ("a,b\nc,\"d\ne", [["a", "b", "@1"], ["[the quote that field 2 starts with is not closed]", "@2"]]),
      ("é,\u{1f600}\n", [["é", "\u{1f600}", "@1"]]),
    ] as [(String, [[String]])])
  func rows(text: String, rows: [[String]]) throws {
    #expect(try read(Array(text.utf8)) == rows)
    // The same in pieces of gzip.
    let members = try Array(text.utf8).map { try #require(Gzip.compress([$0])) }
    if !members.isEmpty { #expect(try read(members.flatMap(\.self) + [0, 0, 0]) == rows) }
  }

  @Test func otherSeparators() throws {
    #expect(try read(Array("a;b,c\n".utf8), separator: ";") == [["a", "b,c", "@1"]])
    #expect(
      try read(Array("a\tb;\"c\td\"\n".utf8), separator: "\t")
        == [["a", "b;\"c\td\"", "@1"]].map { _ in
          ["[a quote within field 2, which does not start with one]", "@1"]
        })
    #expect(try read(Array("a\t\"c\td\"\n".utf8), separator: "\t") == [["a", "c\td", "@1"]])
  }

  @Test func bytesThatAreNoTextSpoilTheirFieldAlone() throws {
    #expect(try read(Array("caf".utf8) + [0xe9] + Array(",b\n".utf8)) == [["[not UTF-8]", "b", "@1"]])
  }

  // Holds REL-57.
  @Test func aQuoteThatIsNotClosedDoesNotTakeInTheWholeFile() throws {
    let rest = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
    #expect(
      try read(Array("a\n\"".utf8) + rest + Array("\nb\n".utf8)) == [["a", "@1"], ["[too long]", "@2"]])
  }

  @Test func whatIsNoTextHasNoRows() throws {
    #expect(try read([0x50, 0x4b, 3, 4, 0, 0, 0]) == [["[a zip archive]"]])
  }

  @Test func rowsLongerThanAnyBufferAreWhole() throws {
    let cell = String(repeating: "0123456789", count: 70_000)
    #expect(try read(Array("a,\(cell)\n\(cell),b\n".utf8)) == [["a", cell, "@1"], [cell, "b", "@2"]])
  }

  // Holds REL-57.
  @Test func gzipThatEndsEarlyOrIsDamagedIsNotTakenForWhole() throws {
    let whole = try #require(Gzip.compress(Array(String(repeating: "a,b\n", count: 1000).utf8)))
    #expect(try read(whole).count == 1000)
    #expect(throws: ReadFault.self) { try read(Array(whole.dropLast(3))) }
    #expect(throws: ReadFault.self) { try read(Array(whole.prefix(12))) }
    var damaged = whole
    damaged[damaged.count - 6] ^= 1
    #expect(throws: ReadFault.self) { try read(damaged) }
    #expect(throws: ReadFault.self) { try read(whole + Array("trailing".utf8)) }
  }
}
