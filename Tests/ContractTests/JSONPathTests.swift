import Contract
import Testing

/// Where in a text an error is, and in which member.
@Suite struct JSONPathTests {
  private func path(to offset: Int, in text: String) -> String {
    text.withUTF8Bytes { JSONReader.path(to: offset, in: $0) }
  }

  @Test func aByteBelongsToTheInnermostMember() {
    let text = #"{"a":1, "b":{"c":[true, {"d":"x"}]}} "#
    let places = [
      (#"1"#, "a"), (#"true"#, "b.c[0]"), (#""x""#, "b.c[1].d"), (#"x"#, "b.c[1].d"), (#"{"c""#, "b"),
      (#"c""#, "b.c"),
    ]
    for (piece, path) in places {
      let offset = text.firstRange(of: piece).map { text.distance(from: text.startIndex, to: $0.lowerBound) }
      #expect(self.path(to: offset ?? 0, in: text) == path, "\(piece)")
    }
    #expect(path(to: text.utf8.count - 1, in: text) == "")
    #expect(path(to: 0, in: "oops") == "")
  }

  @Test func aTextThatGoesWrongHasThePathThatLedThere() {
    #expect(path(to: 13, in: #"{"a":{"b":[1,}"#) == "a.b[1]")
    #expect(path(to: 10, in: #"{"a":{"b":"#) == "a.b")
    #expect(path(to: 9, in: String(repeating: #"{"a":"#, count: 10)).hasPrefix("a"))
    #expect(path(to: 500_000, in: String(repeating: "[", count: 1_000_000)).hasPrefix("[0][0]"))
  }

  @Test func aKeyIsShownAsItStandsAndShortened() {
    #expect(path(to: 13, in: #"{"a\n.b\u0001":1}"#) == #"a\n.b\u0001"#)
    let long = path(to: 1_004, in: "{\"\(String(repeating: "k", count: 1_000))\":1}")
    #expect(long.utf8.count < 100)
    #expect(long.hasSuffix("…"))
  }

  /// A text whose content is wrong is where its content starts.
  @Test(
    arguments: [
      (#"{"customerId":"c","effectiveAt":"2026-11-05t00:00:00Z"}"#, .malformedTimestamp, "2026"),
      (#"{"customerId":"c","revision": "1x"}"#, .wrongJSONType, "1x"),
      (#"{"customerId":"c","revision": 1.5 }"#, .notAnInteger, "1.5"),
      (#"{"customerId": 7}"#, .wrongJSONType, "7"),
      (#"{"customerId":"c","name":"n","customerId":"d"}"#, .repeatedField, #"customerId":"d"#),
    ] as [(String, DecodingError.Reason, String)])
  func anErrorSaysWhereItsTextStarts(json: String, reason: DecodingError.Reason, piece: String) {
    let error = #expect(throws: DecodingError.self) {
      try json.withUTF8Bytes { _ = try Customer<String>(json: $0) }
    }
    let place = json.firstRange(of: piece).map { json.distance(from: json.startIndex, to: $0.lowerBound) }
    #expect(error == DecodingError(reason, at: place ?? -1))
  }

  @Test func anEnumAndASmallNumberSayWhereTheyStart() {
    let kind = #"{"customerId":"c","kind": "GIFT"}"#
    let wrongKind = #expect(throws: DecodingError.self) {
      try kind.withUTF8Bytes { _ = try Subscription<String>(json: $0) }
    }
    #expect(wrongKind == DecodingError(.unknownEnumName, at: 27))
    let number = #"{"customerId":"c","kind":  99999999999}"#
    let outOfRange = #expect(throws: DecodingError.self) {
      try number.withUTF8Bytes { _ = try Subscription<String>(json: $0) }
    }
    #expect(outOfRange == DecodingError(.numberOutOfRange, at: 27))
  }

  @Test func namesOfFieldsAndOfMembersThatNoneHas() throws {
    #expect(Customer<String>.jsonFieldNames == ["customerId", "name", "country", "effectiveAt", "revision"])
    let json = #"{"customer_id":"c","Name":"n","country":"FR","effectiveAt":null,"seats":[{"revision":1}]}"#
    try json.withUTF8Bytes { bytes in
      #expect(try Customer<String>.unknownMembers(ofJSONObject: bytes).map(\.string) == ["Name", "seats"])
      var reader = JSONReader(bytes)
      _ = try Customer<String>(jsonObject: &reader)
      #expect(reader.unknownMembers == 2)
    }
  }
}
