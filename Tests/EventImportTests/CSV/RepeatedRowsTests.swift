import Contract
import EventImport
import Glibc
import Testing

@Suite struct RepeatedRowsTests {
  /// What is found out about each row of a file with the columns of a billing line.
  private func findings(_ text: String, limit: Int) throws -> (found: [RepeatedRows.Finding], unchecked: Int)
  {
    let file = try #require(tmpfile())
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, file)
    rewind(file)
    let reader = CSVReader(descriptor: fileno(file))
    let json =
      #"{"fields":{"customerId":"C","lineId":"L","amountMicros":"A","revision":{"column":"R","default":null}}}"#
    let mapping = try CSVMapping(json: Array(json.utf8), topic: .billingLines)
    var mapper: CSVMapper?
    var rows = RepeatedRows(limit: limit)
    var found: [RepeatedRows.Finding] = []
    while case .row(let row)? = try reader.next() {
      if let mapper, case .event(_, let identity) = mapper.event(of: row) {
        found.append(rows.note(identity, line: row.line))
      } else {
        mapper = try CSVMapper(mapping, header: row)
      }
    }
    return (found, rows.unchecked)
  }

  // Holds REL-57.
  @Test func theSameAgainAndContradictionsAreTold() throws {
    let text = "C,L,A,R\nc,1,5,\nc,2,5,\nc,1,5,\nc,1,6,\nc,1,6,1\nd,1,6,\n"
    let (found, unchecked) = try findings(text, limit: 100)
    #expect(found == [.new, .new, .repeats(line: 2), .contradicts(line: 2), .new, .new])
    #expect(unchecked == 0)
  }

  @Test func memoryIsBounded() throws {
    let (found, unchecked) = try findings("C,L,A,R\nc,1,5,\nc,2,5,\nc,2,6,\nc,1,6,\n", limit: 1)
    #expect(found == [.new, .new, .new, .contradicts(line: 2)])
    #expect(unchecked == 2)
  }
}
