extension Message {
  /// Writes the message as proto3 JSON: lowerCamelCase names, 64-bit integers as strings, defaults left out.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    var encoder = JSONFieldEncoder(json: JSONWriter())
    // Moved, not copied.
    swap(&encoder.json, &json)
    var fields = self
    fields.visitFields(&encoder)
    swap(&encoder.json, &json)
    json.endObject()
  }

  /// Appends the message as proto3 JSON.
  public func encodeJSON(into bytes: inout [UInt8]) {
    var json = JSONWriter()
    swap(&json.bytes, &bytes)
    write(to: &json)
    swap(&json.bytes, &bytes)
  }

  /// Takes the message from a JSON object, and counts in `json.unknownMembers` what it has no field for. Text that borrows
  /// would outlive what it points to: only for owned text.
  package init(jsonObject json: inout JSONReader) throws(DecodingError) {
    self.init()
    try json.beginObject()
    var seen: Set<Int> = []
    while let key = try json.nextKey() {
      var decoder = JSONFieldDecoder(json: json, key: key)
      try visitFields(&decoder)
      json = decoder.json
      if let number = decoder.found {
        guard seen.insert(number).inserted else { throw json.error(.repeatedField, in: key) }
      } else {
        json.unknownMembers += 1
        _ = try json.value()
      }
    }
  }
}

extension Message where Owned == Self {
  /// Reads a message from proto3 JSON, as Google's parsers do when told to ignore unknown fields: by the schema's or by
  /// lowerCamelCase names, a null is a default, no field twice.
  public init(json bytes: UnsafeRawBufferPointer) throws(DecodingError) {
    var json = JSONReader(bytes)
    try self.init(jsonObject: &json)
    try json.end()
  }
}
