/// Reads the member of a JSON object that stands at `key` into the field of that name, if the message has it.
struct JSONFieldDecoder: FieldVisitor {
  typealias Failure = DecodingError
  var json: JSONReader
  let key: JSONString
  var found: Int?

  /// Whether the member belongs to a field, called by the schema's name or by its lowerCamelCase form.
  /// Takes a null, which leaves the field at its default.
  private mutating func isAt(_ number: Int, _ name: StaticString) -> Bool {
    guard found == nil, FieldName(name).matches(key) else { return false }
    found = number
    return !json.null()
  }

  /// Reads the array that stands at the cursor; a null is no element.
  private mutating func elements(
    _ body: (inout JSONReader) throws(DecodingError) -> Void
  ) throws(DecodingError) {
    try json.beginArray()
    while try json.nextElement() { try body(&json) }
  }

  mutating func field<S: ScalarField>(
    _ number: Int, _ name: StaticString, _ value: inout S
  ) throws(DecodingError) {
    if isAt(number, name) { value = try S(json: &json) }
  }

  mutating func field<S: ScalarField>(
    _ number: Int, _ name: StaticString, _ value: inout S?
  ) throws(DecodingError) {
    if isAt(number, name) { value = try S(json: &json) }
  }

  mutating func field<S: ScalarField>(
    _ number: Int, _ name: StaticString, _ values: inout [S]
  ) throws(DecodingError) {
    guard isAt(number, name) else { return }
    try elements { (json) throws(DecodingError) in values.append(try S(json: &json)) }
  }

  mutating func field<T: MessageText>(
    _ number: Int, _ name: StaticString, _ text: inout T
  ) throws(DecodingError) {
    if isAt(number, name) { text = try json.string().withUTF8Bytes { T(validUTF8: $0) } }
  }

  mutating func field<T: MessageText>(
    _ number: Int, _ name: StaticString, _ texts: inout [T]
  ) throws(DecodingError) {
    guard isAt(number, name) else { return }
    try elements { (json) throws(DecodingError) in
      texts.append(try json.string().withUTF8Bytes { T(validUTF8: $0) })
    }
  }

  mutating func field(_ number: Int, _ name: StaticString, _ time: inout Timestamp?) throws(DecodingError) {
    guard isAt(number, name) else { return }
    let text = try json.string()
    guard let parsed = text.withUTF8Bytes({ Timestamp(rfc3339: $0) }) else {
      throw json.error(.malformedTimestamp, in: text)
    }
    time = parsed
  }

  mutating func field<M: Message>(
    _ number: Int, _ name: StaticString, _ message: inout M?
  ) throws(DecodingError) {
    if isAt(number, name) { message = try M(jsonObject: &json) }
  }

  mutating func field<M: Message>(
    _ number: Int, _ name: StaticString, _ messages: inout [M]
  ) throws(DecodingError) {
    guard isAt(number, name) else { return }
    try elements { (json) throws(DecodingError) in messages.append(try M(jsonObject: &json)) }
  }
}
