extension Message {
  /// What the fields are called in JSON (lowerCamelCase), in the order of their numbers.
  package static var jsonFieldNames: [String] { fieldNames.map(\.camelCase) }

  /// The names of the members of a JSON object that no field of the message itself has.
  package static func unknownMembers(
    ofJSONObject text: UnsafeRawBufferPointer
  ) throws(DecodingError) -> [JSONString] {
    let known = fieldNames
    var json = JSONReader(text)
    var unknown: [JSONString] = []
    try json.beginObject()
    while let key = try json.nextKey() {
      if !known.contains(where: { $0.matches(key) }) { unknown.append(key) }
      _ = try json.value()
    }
    return unknown
  }

  private static var fieldNames: [FieldName] {
    var collector = FieldNameCollector()
    var message = Self()
    message.visitFields(&collector)
    return collector.names
  }
}

/// Notes what the fields of a message are called.
private struct FieldNameCollector: FieldVisitor {
  typealias Failure = Never
  var names: [FieldName] = []

  private mutating func note(_ name: StaticString) { names.append(FieldName(name)) }

  mutating func field<S: ScalarField>(_: Int, _ name: StaticString, _: inout S) { note(name) }
  mutating func field<S: ScalarField>(_: Int, _ name: StaticString, _: inout S?) { note(name) }
  mutating func field<S: ScalarField>(_: Int, _ name: StaticString, _: inout [S]) { note(name) }
  mutating func field<T: MessageText>(_: Int, _ name: StaticString, _: inout T) { note(name) }
  mutating func field<T: MessageText>(_: Int, _ name: StaticString, _: inout [T]) { note(name) }
  mutating func field(_: Int, _ name: StaticString, _: inout Timestamp?) { note(name) }
  mutating func field<M: Message>(_: Int, _ name: StaticString, _: inout M?) { note(name) }
  mutating func field<M: Message>(_: Int, _ name: StaticString, _: inout [M]) { note(name) }
}
