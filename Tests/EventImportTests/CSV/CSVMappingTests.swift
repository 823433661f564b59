import Contract
import EventImport
import Glibc
import Testing

@Suite struct CSVMappingTests {
  /// The rows of a file.
  private static func rows(_ text: String, separator: UInt8) throws -> [CSVRow] {
    let file = try #require(tmpfile())
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, file)
    rewind(file)
    let reader = CSVReader(descriptor: fileno(file), separator: separator)
    var rows: [CSVRow] = []
    while let item = try reader.next() {
      if case .row(let row) = item { rows.append(row) }
    }
    return rows
  }

  /// What a mapping makes of each row after the first: the value of an event, "skipped", or why not.
  private func outcomes(_ mapping: String, _ text: String, topic: Topic = .billingLines) throws -> [String] {
    let mapping = try CSVMapping(json: Array(mapping.utf8), topic: topic)
    let rows = try Self.rows(text, separator: mapping.separator)
    let mapper = try CSVMapper(mapping, header: try #require(rows.first))
    return rows.dropFirst().map { row in
      switch mapper.event(of: row) {
      case .event(let line, _):
        String(decoding: line, as: UTF8.self).replacing(#"{"topic":"\#(topic.name)","value":"#, with: "")
          .replacing(#""customerId":"c","#, with: "").replacing("}}", with: "}")
      case .skipped: "skipped"
      case .refused(let reason): reason
      }
    }
  }

  /// One cell, as a field of a billing line.
  private func cell(_ cell: String, as rule: String, of field: String, shared: String = "") throws -> String {
    try outcomes(
      #"{\#(shared)"fields":{"customerId":{"value":"c"},"\#(field)":{"column":"X",\#(rule)}}}"#,
      "X,Y\n\"\(cell)\",\n"
    )[0]
  }

  @Test(
    arguments: [
      ("12.5", "", "12500000"), ("-0.000001", "", "-1"), ("(1.25)", "", "-1250000"), ("7-", "", "-7000000"),
      ("1,234,567.89", #""thousands":",","#, "1234567890000"), ("1234", #""thousands":",","#, "1234000000"),
      ("1.234,5", #""decimal":",","thousands":".","#, "1234500000"),
      ("1\u{202f}234,50 €", #""decimal":",","thousands":" ","symbols":["€"],"#, "1234500000"),
      ("-US$5", #""symbols":["$","US$"],"#, "-5000000"), ("€ -5", #""symbols":["€"],"#, "-5000000"),
      ("1.2000000", "", "1200000"), ("9223372036854.775807", "", "9223372036854775807"), (".5", "", "500000"),
      ("+3", "", "3000000"),
    ] as [(String, String, String)])
  func amounts(cell text: String, shared: String, micros: String) throws {
    #expect(
      try cell(text, as: #""as":"micros""#, of: "amountMicros", shared: shared)
        == #"{"amountMicros":"\#(micros)"}"#)
  }

  @Test(
    arguments: [
      ("1,5", #""thousands":",","#, "it is not a number such as 1,234.56"),
      ("1,2345", #""thousands":",","#, "it is not a number such as 1,234.56"),
      ("1,234", "", "it is not a number such as 1234.56"),
      ("12.34.5", "", "it is not a number such as 1234.56"),
      ("abc", "", "it is not a number such as 1234.56"), ("-", "", "it is not a number such as 1234.56"),
      ("1e5", "", "it is not a number such as 1234.56"), ("€5", "", "it is not a number such as 1234.56"),
      ("1.2345678", "", "it has more than 6 decimals"),
      ("9223372036854.775808", "", "the number is too large"),
      ("", "", #"the cell is empty, and the mapping has no "default" for it"#),
    ] as [(String, String, String)])
  func whatIsNoAmountIsSaidWithColumnAndValue(cell text: String, shared: String, reason: String) throws {
    #expect(
      try cell(text, as: #""as":"micros""#, of: "amountMicros", shared: shared)
        == #"column "X": "\#(text)": \#(reason)"#)
  }

  @Test func amountsAreRoundedHalfAwayFromZeroAndNegatedOnRequest() throws {
    for (text, micros) in [
      ("0.0000015", "2"), ("-0.0000015", "-2"), ("0.0000014", "1"), ("0.9999999", "1000000"),
    ] {
      #expect(
        try cell(text, as: #""as":"micros","round":true"#, of: "amountMicros")
          == #"{"amountMicros":"\#(micros)"}"#)
    }
    #expect(
      try cell("1", as: #""as":"micros","negate":true"#, of: "amountMicros")
        == #"{"amountMicros":"-1000000"}"#)
    #expect(try cell("7.0", as: #""default":1"#, of: "revision") == #"{"revision":"7"}"#)
    #expect(try cell("7.5", as: #""default":1"#, of: "revision").hasSuffix("it is not a whole number"))
    #expect(try cell("", as: #""default":1"#, of: "revision") == #"{"revision":"1"}"#)
  }

  @Test(
    arguments: [
      ("2026-11-05", "", "2026-11-05T00:00:00Z"), ("2026-11-05T10:20:30+01:00", "", "2026-11-05T09:20:30Z"),
      ("11/5/2026", #""dates":["M/d/yyyy"],"#, "2026-11-05T00:00:00Z"),
      ("05.11.2026 07:08", #""dates":["dd.MM.yyyy HH:mm"],"zone":"+01:00","#, "2026-11-05T06:08:00Z"),
      ("11/5/26 12:30:01 am", #""dates":["M/d/yy h:mm:ss a"],"#, "2026-11-05T00:30:01Z"),
      ("11/5/26 12:30:01 PM", #""dates":["M/d/yy h:mm:ss a"],"#, "2026-11-05T12:30:01Z"),
      ("5-NOV-2026", #""dates":["d-MMM-yyyy"],"#, "2026-11-05T00:00:00Z"),
      ("20261105T101112.25-0130", #""dates":["yyyyMMdd'T'HHmmss.SZ"],"#, "2026-11-05T11:41:12.250Z"),
      ("2024-02-29", #""dates":["yyyy-MM-dd","d.M.yyyy"],"#, "2024-02-29T00:00:00Z"),
      ("7/7/2026", #""dates":["d/M/yyyy","M/d/yyyy"],"#, "2026-07-07T00:00:00Z"),
    ] as [(String, String, String)])
  func dates(cell text: String, shared: String, time: String) throws {
    #expect(
      try cell(text, as: #""default":null"#, of: "billedAt", shared: shared) == #"{"billedAt":"\#(time)"}"#)
  }

  @Test(
    arguments: [
      ("2026-02-29", "", #"it is not a time as in "RFC 3339" or "yyyy-MM-dd""#),
      ("2026-11-05 ", #""dates":["M/d/yyyy"],"#, #"it is not a time as in "M/d/yyyy""#),
      ("13/5/2026", #""dates":["M/d/yyyy"],"#, #"it is not a time as in "M/d/yyyy""#),
      ("5/6/2026", #""dates":["d/M/yyyy","M/d/yyyy"],"#, "the date patterns disagree about it"),
      (
        "11/5/26 13:00:00 PM", #""dates":["M/d/yy h:mm:ss a"],"#,
        #"it is not a time as in "M/d/yy h:mm:ss a""#
      ),
    ] as [(String, String, String)])
  func whatIsNoDateIsSaid(cell text: String, shared: String, reason: String) throws {
    #expect(try cell(text, as: #""default":null"#, of: "billedAt", shared: shared).hasSuffix(reason))
  }

  @Test func booleansAndSecondsAndTexts() throws {
    #expect(try cell("YES", as: #""default":false"#, of: "voided") == #"{"voided":true}"#)
    #expect(try cell("Non", as: #""true":["Oui"],"false":["Non"]"#, of: "voided") == #"{"voided":false}"#)
    #expect(
      try cell("maybe", as: #""default":false"#, of: "voided")
        == #"column "X": "maybe": it is neither true (1, true, yes) nor false (0, false, no)"#)
    #expect(try cell("1970-01-02", as: #""as":"seconds""#, of: "revision") == #"{"revision":"86400"}"#)
    #expect(try cell("A-1", as: #""case":"lower""#, of: "lineId") == #"{"lineId":"a-1"}"#)
    #expect(try cell("", as: #""default":null"#, of: "lineId") == "{\"customerId\":\"c\"}")
    #expect(
      try cell("WEB_DIRECT", as: #""default":"OPEN""#, of: "licenseProgram")
        == #"{"licenseProgram":"WEB_DIRECT"}"#)
    #expect(
      try cell("Retail", as: #""values":{"Retail":"OPEN"}"#, of: "licenseProgram")
        == #"{"licenseProgram":"OPEN"}"#)
    #expect(
      try cell("B2B", as: #""values":{"Retail":"OPEN"}"#, of: "licenseProgram").hasSuffix(
        "not among the mapping's \"values\""))
    #expect(
      try cell("B2B", as: #""values":{},"otherwise":"OPEN""#, of: "licenseProgram")
        == #"{"licenseProgram":"OPEN"}"#)
    #expect(try cell("B2B", as: #""values":{},"skipOthers":true"#, of: "licenseProgram") == "skipped")
  }

  @Test func severalValuesOfOneCell() throws {
    let mapping = #"""
      {"fields":{"customerId":{"value":"c"},
        "workloads":{"column":"W","split":"|","values":{"Sales":"sales","Service":"customer-service"}}}}
      """#
    #expect(
      try outcomes(mapping, "W\nSales | Service\nSales|\nFinance\n", topic: .subscriptions) == [
        #"{"workloads":["sales","customer-service"]}"#, #"{"workloads":["sales"]}"#,
        #"column "W": "Finance": it is not among the mapping's "values""#,
      ])
    #expect(
      try outcomes(
        #"{"fields":{"customerId":{"value":"c"},"workloads":{"column":"W","values":{"CE":["a","b"]}}}}"#,
        "W\nCE\n",
        topic: .subscriptions) == [#"{"workloads":["a","b"]}"#])
  }

  /// No two lists of cells have the same id.
  @Test func anIdIsMadeOfItsColumnsAlone() throws {
    let mapping = #"{"fields":{"customerId":{"value":"c"},"lineId":{"id":["A","B"]}}}"#
    #expect(
      try outcomes(mapping, "B,A,Z\n1,2,3\n1,2,4\n\"b/c\",a,\nc,\"a/b\",\n%2F,,\n,,x\n") == [
        #"{"lineId":"2/1"}"#, #"{"lineId":"2/1"}"#, #"{"lineId":"a/b%2Fc"}"#, #"{"lineId":"a%2Fb/c"}"#,
        #"{"lineId":"/%252F"}"#, #"columns "A", "B": "", "": all of the id's columns are empty"#,
      ])
    let long = String(repeating: "x", count: 600)
    #expect(try outcomes(mapping, "A,B\n\(long),\n")[0].hasSuffix("is longer than 512 bytes"))
  }

  @Test func rowsThatTheMappingSkips() throws {
    let mapping = #"""
      {"skip":[{"column":"Kind","is":["Tax","Rounding"]},{"column":"Id","isEmpty":true},{"column":"Land","isNot":"FR"}],
       "fields":{"customerId":"Id"}}
      """#
    #expect(
      try outcomes(mapping, "Id,Kind,Land\n1,Fee,FR\n2,Tax,FR\n,Fee,FR\n3,Fee,US\n4,Fee\n") == [
        #"{"customerId":"1"}"#, "skipped", "skipped", "skipped", "the row has 2 fields, the header has 3",
      ])
  }

  static let badMappings: [(json: String, reason: String)] = [
    ("{", "truncated at byte 1"), ("[]", "this is not an object"), ("{}", #""fields" is missing"#),
    (#"{"fields":{"customerId":"X"},"feilds":{}}"#, #"feilds is unknown; the nearest known one is "fields""#),
    (
      #"{"fields":{"custmerId":"X"}}"#,
      #"fields.custmerId: billing-lines has no such field; the nearest is "customerId""#
    ),
    (#"{"fields":{"lineId":"X"}}"#, #"fields: "customerId" is missing, which is the key of billing-lines"#),
    (#"{"fields":{"customerId":"X","customerId":"Y"}}"#, "fields.customerId is given more than once"),
    (
      #"{"fields":{"customerId":{"colum":"X"}}}"#,
      #"fields.customerId.colum is unknown; the nearest known one is "column""#
    ),
    (#"{"fields":{"customerId":{}}}"#, #"fields.customerId: this needs one of "column", "value" and "id""#),
    (#"{"fields":{"customerId":{"value":7}}}"#, #"fields.customerId.value: "customerId" takes a text"#),
    (
      #"{"fields":{"customerId":"X","voided":{"value":"no"}}}"#,
      #"fields.voided.value: "voided" takes true or false"#
    ),
    (
      #"{"fields":{"customerId":"X","licenseProgram":{"value":"CSP"}}}"#,
      #""CSP" is none of LICENSE_PROGRAM_UNSPECIFIED, "#
    ),
    (#"{"fields":{"customerId":"X","billedAt":{"value":"today"}}}"#, #""today" is not a timestamp such as "#),
    (
      #"{"fields":{"customerId":"X","amountMicros":{"column":"Y","as":"cents"}}}"#,
      #"fields.amountMicros.as: "cents" is none of "micros" and "seconds""#
    ),
    (
      #"{"fields":{"customerId":{"column":"X","as":"micros"}}}"#,
      "fields.customerId.as: this is for whole numbers"
    ),
    (
      #"{"fields":{"customerId":"X","voided":{"id":["A"]}}}"#,
      "fields.voided.id: an id is a text, this field is not"
    ),
    (
      #"{"dates":["yyyy-MM"],"fields":{"customerId":"X"}}"#,
      #"dates: "yyyy-MM" is not a date pattern such as"#
    ),
    (
      #"{"dates":["yyyy-MM-dd Q"],"fields":{"customerId":"X"}}"#,
      #"dates: "yyyy-MM-dd Q" is not a date pattern"#
    ),
    (
      #"{"decimal":",","thousands":",","fields":{"customerId":"X"}}"#,
      #""decimal" and "thousands" are the same"#
    ),
    (#"{"zone":"CET","fields":{"customerId":"X"}}"#, #"zone: "CET" is not an offset such as +01:00"#),
    (#"{"separator":"::","fields":{"customerId":"X"}}"#, #"separator: this is none of ",""#),
    (#"{"true":["x"],"false":["X"],"fields":{"customerId":"X"}}"#, #"true: "x" is true and false"#),
    (#"{"skip":[{"column":"A"}],"fields":{"customerId":"X"}}"#, #"skip[0]: this needs "column" and one of"#),
    (#"{"skipLines":-1,"fields":{"customerId":"X"}}"#, "skipLines: this is not a whole number, 0 or more"),
    (
      #"{"fields":{"customerId":{"column":"X","otherwise":"y"}}}"#,
      #"fields.customerId.otherwise: this needs "values""#
    ),
  ]

  @Test(arguments: badMappings) func whatIsWrongWithAMappingIsNamed(json: String, reason: String) {
    do throws(MappingFault) {
      _ = try CSVMapping(json: Array(json.utf8), topic: .billingLines)
      Issue.record("it is taken")
    } catch {
      #expect(error.description.contains(reason), "\(error)")
    }
  }

  @Test(
    arguments: [
      ("Custmer,B", #"fields.customerId: there is no column "Customer"; the nearest is "Custmer""#),
      ("X;Y", #"there is no column "Customer", and only one column: is "," the separator?"#),
      ("Customer,Customer", #"fields.customerId: there are 2 columns "Customer""#),
    ] as [(String, String)])
  func columnsThatAreNotThereAreNamed(header: String, reason: String) throws {
    let mapping = try CSVMapping(
      json: Array(#"{"fields":{"customerId":"Customer"}}"#.utf8), topic: .customers)
    let row = try #require(try Self.rows(header, separator: UInt8(ascii: ",")).first)
    do throws(MappingFault) {
      _ = try CSVMapper(mapping, header: row)
      Issue.record("it suits")
    } catch {
      #expect(error.description.contains(reason), "\(error)")
    }
  }

  /// Every input topic's fields can be mapped, and those that say which fact an event sets exist.
  @Test(arguments: Topic.inputs) func allTopics(topic: Topic) throws {
    let fields = try #require(topic.eventType?.jsonFields)
    #expect(!fields.contains { $0.kind == .other })
    #expect(Set(topic.factFields).isSubset(of: fields.map(\.name)))
    let mapping = #"{"fields":{\#(fields.map { "\"\($0.name)\":\"X\"" }.joined(separator: ","))}}"#
    _ = try CSVMapping(json: Array(mapping.utf8), topic: topic)
  }
}
