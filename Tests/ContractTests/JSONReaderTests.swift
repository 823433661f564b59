import Contract
import Testing

@Suite struct JSONReaderTests {
  @Test func handsOutMembersOfAnyKind() throws {
    let text = #" {"topic":"customers", "value" : {"a":[1,-2.5e3,{}],"b":"\"}"} ,"n":null}"#
    try text.withUTF8Bytes { bytes in
      var json = JSONReader(bytes)
      var members: [String: String] = [:]
      try json.beginObject()
      while let key = try json.nextKey() {
        members[key.string] = String(decoding: try json.value(), as: UTF8.self)
      }
      try json.end()
      #expect(members == ["topic": #""customers""#, "value": #"{"a":[1,-2.5e3,{}],"b":"\"}"}"#, "n": "null"])
    }
  }

  @Test(arguments: [
    (#""\u00e9\ud83d\ude00\n\/""#, "é😀\n/"), (#""""#, ""), ("\"日本\"", "日本"), (#""\u0000""#, "\0"),
  ])
  func unescapesStrings(text: String, expected: String) throws {
    try text.withUTF8Bytes { bytes in
      var json = JSONReader(bytes)
      #expect(try json.string().string == expected)
      try json.end()
    }
  }

  @Test(
    arguments: [
      ("", .truncated), ("[1", .truncated), (#""abc"#, .truncated), ("[1,]", .malformedJSON),
      ("[1 2]", .malformedJSON),
      (#"{"a":1,}"#, .malformedJSON), (#"{"a" 1}"#, .malformedJSON), ("{1:2}", .malformedJSON),
      ("01", .malformedJSON),
      ("1.", .malformedJSON), ("-", .malformedJSON), ("truE", .malformedJSON), ("[] []", .malformedJSON),
      (#""\ud800""#, .malformedJSON), (#""\udc00""#, .malformedJSON), (#""\ud800\u0041""#, .malformedJSON),
      ("\"\t\"", .malformedJSON), ("\u{feff}1", .malformedJSON), ("'a'", .malformedJSON),
    ] as [(String, DecodingError.Reason)])
  func refuses(text: String, reason: DecodingError.Reason) {
    let error = #expect(throws: DecodingError.self) {
      try text.withUTF8Bytes { bytes in
        var json = JSONReader(bytes)
        _ = try json.value()
        try json.end()
      }
    }
    #expect(error?.reason == reason)
  }

  @Test func refusesInvalidUTF8() {
    let error = #expect(throws: DecodingError.self) {
      try ([0x22, 0xc0, 0x80, 0x22] as [UInt8]).withUnsafeBytes { bytes in
        var json = JSONReader(bytes)
        _ = try json.value()
      }
    }
    #expect(error == DecodingError(.invalidUTF8, at: 1))
  }

  @Test func readsToADepthOfAHundred() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    func read(_ text: String) throws {
      try text.withUTF8Bytes { bytes in
        var json = JSONReader(bytes)
        _ = try json.value()
        try json.end()
      }
    }
    try read(nested(JSONReader.depthLimit))
    let error = #expect(throws: DecodingError.self) { try read(nested(JSONReader.depthLimit + 1)) }
    #expect(error?.reason == .nestedTooDeeply)
    #expect(throws: DecodingError.self) { try read(String(repeating: #"{"a":"#, count: 1_000_000)) }
  }

  @Test func writesWhatItReads() throws {
    var json = JSONWriter()
    json.beginObject()
    json.key("text")
    json.string("\"\\\u{1}é")
    json.key("list")
    json.beginArray()
    json.number(-5)
    json.number(0.5)
    json.bool(true)
    json.null()
    json.beginObject()
    json.endObject()
    json.endArray()
    json.endObject()
    #expect(
      String(decoding: json.bytes, as: UTF8.self) == #"{"text":"\"\\\u0001é","list":[-5,0.5,true,null,{}]}"#)
  }
}
