import Contract

extension Console {
  /// Writes one JSON object, whose members `body` writes, as a line of ASCII.
  func writeLine(_ body: (inout JSONWriter) -> Void) throws {
    var json = JSONWriter()
    json.beginObject()
    body(&json)
    json.endObject()
    try write(json.asciiBytes + [UInt8(ascii: "\n")])
  }
}
