/// Writes the fields of a message as the members of a JSON object; defaults are left out.
struct JSONFieldEncoder: FieldVisitor {
  typealias Failure = Never
  var json: JSONWriter

  private mutating func key(_ name: StaticString) { json.key(FieldName(name).camelCase) }

  mutating func field<S: ScalarField>(_ number: Int, _ name: StaticString, _ value: inout S) {
    guard value.wireBits != 0 else { return }
    key(name)
    value.write(to: &json)
  }

  mutating func field<S: ScalarField>(_ number: Int, _ name: StaticString, _ value: inout S?) {
    guard let value else { return }
    key(name)
    value.write(to: &json)
  }

  mutating func field<S: ScalarField>(_ number: Int, _ name: StaticString, _ values: inout [S]) {
    guard !values.isEmpty else { return }
    key(name)
    json.beginArray()
    for value in values { value.write(to: &json) }
    json.endArray()
  }

  mutating func field<T: MessageText>(_ number: Int, _ name: StaticString, _ text: inout T) {
    guard !text.isEmpty else { return }
    key(name)
    json.string(text)
  }

  mutating func field<T: MessageText>(_ number: Int, _ name: StaticString, _ texts: inout [T]) {
    guard !texts.isEmpty else { return }
    key(name)
    json.beginArray()
    for text in texts { json.string(text) }
    json.endArray()
  }

  mutating func field(_ number: Int, _ name: StaticString, _ time: inout Timestamp?) {
    guard let text = time?.rfc3339 else { return }
    key(name)
    json.string(text)
  }

  mutating func field<M: Message>(_ number: Int, _ name: StaticString, _ message: inout M?) {
    guard let message else { return }
    key(name)
    message.write(to: &json)
  }

  mutating func field<M: Message>(_ number: Int, _ name: StaticString, _ messages: inout [M]) {
    guard !messages.isEmpty else { return }
    key(name)
    json.beginArray()
    for message in messages { message.write(to: &json) }
    json.endArray()
  }
}
