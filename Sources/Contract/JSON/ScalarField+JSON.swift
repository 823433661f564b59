// Google's mapping (https://protobuf.dev/programming-guides/json): 64-bit integers are written as strings, and all
// numbers may be read from either.

extension Bool {
  public init(json: inout JSONReader) throws(DecodingError) { self = try json.bool() }
  public func write(to json: inout JSONWriter) { json.bool(self) }
}

extension Int64 {
  public init(json: inout JSONReader) throws(DecodingError) {
    self = try json.numeric { (number) throws(DecodingError.Reason) in try number.int64() }
  }
  public func write(to json: inout JSONWriter) { json.string(String(self)) }
}

extension Int32 {
  public init(json: inout JSONReader) throws(DecodingError) {
    self = try json.numeric { (number) throws(DecodingError.Reason) in try number.whole() }
  }
  public func write(to json: inout JSONWriter) { json.number(self) }
}

extension UInt32 {
  public init(json: inout JSONReader) throws(DecodingError) {
    self = try json.numeric { (number) throws(DecodingError.Reason) in try number.whole() }
  }
  public func write(to json: inout JSONWriter) { json.number(self) }
}

extension Double {
  public init(json: inout JSONReader) throws(DecodingError) {
    var probe = json
    if probe.peek() == UInt8(ascii: "\"") {
      let text = try probe.string()
      for (name, value) in [("NaN", .nan), ("Infinity", .infinity), ("-Infinity", -.infinity)]
        as [(StaticString, Double)]
      where text == name {
        json = probe
        self = value
        return
      }
    }
    self = try json.numeric { (number) throws(DecodingError.Reason) in try number.double() }
  }

  public func write(to json: inout JSONWriter) {
    if isFinite {
      json.number(self)
    } else {
      json.string(isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity")
    }
  }
}

extension ZigZag {
  public init(json: inout JSONReader) throws(DecodingError) {
    self.init(try json.numeric { (number) throws(DecodingError.Reason) in try number.whole() })
  }

  public func write(to json: inout JSONWriter) {
    if Value.bitWidth == 64 { json.string(String(value)) } else { json.number(value) }
  }
}

extension ProtoEnum {
  /// By name or by number; a number without a name is kept, as in protobuf.
  public init(json: inout JSONReader) throws(DecodingError) {
    guard json.peek() == UInt8(ascii: "\"") else {
      self.init(rawValue: try Int32(json: &json))
      return
    }
    let name = try json.string()
    guard let number = Self.names.firstIndex(where: { name == $0 }) else {
      throw json.error(.unknownEnumName, in: name)
    }
    self.init(rawValue: Int32(number))
  }

  public func write(to json: inout JSONWriter) {
    if let name { json.string(name.description) } else { json.number(rawValue) }
  }
}

extension JSONReader {
  /// Takes a number, or a string that holds one.
  fileprivate mutating func numeric<Value>(
    _ convert: (JSONNumber) throws(DecodingError.Reason) -> Value
  ) throws(DecodingError) -> Value {
    let text = peek() == UInt8(ascii: "\"") ? try string() : JSONString(raw: try number(), hasEscapes: false)
    do throws(DecodingError.Reason) {
      return try text.withUTF8Bytes { (utf8) throws(DecodingError.Reason) in
        guard let number = JSONNumber(utf8) else { throw .wrongJSONType }
        return try convert(number)
      }
    } catch {
      throw self.error(error, in: text)
    }
  }
}
