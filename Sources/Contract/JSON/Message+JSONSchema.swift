extension Message {
  /// A JSON schema (draft 7) of what the message is as proto3 JSON. Nothing is required, since defaults are left out; what
  /// the schema does not name is refused, so that registries take fields that are added as compatible.
  package static func jsonSchema(title: String) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.key("$schema")
    json.string("http://json-schema.org/draft-07/schema#")
    json.key("title")
    json.string(title)
    writeSchemaMembers(to: &json)
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  fileprivate static func writeSchemaMembers(to json: inout JSONWriter) {
    json.key("type")
    json.string("object")
    json.key("additionalProperties")
    json.bool(false)
    json.key("properties")
    json.beginObject()
    var writer = SchemaWriter(json: json)
    var message = Self()
    message.visitFields(&writer)
    json = writer.json
    json.endObject()
  }
}

/// Writes what each field of a message may be.
private struct SchemaWriter: FieldVisitor {
  typealias Failure = Never
  var json: JSONWriter

  private mutating func property(
    _ name: StaticString, isRepeated: Bool = false, _ body: (inout JSONWriter) -> Void
  ) {
    json.key(FieldName(name).camelCase)
    json.beginObject()
    if isRepeated {
      json.key("type")
      json.string("array")
      json.key("items")
      json.beginObject()
    }
    body(&json)
    if isRepeated { json.endObject() }
    json.endObject()
  }

  private static func type(_ name: String) -> (inout JSONWriter) -> Void {
    { json in
      json.key("type")
      json.string(name)
    }
  }

  private static func type<S: ScalarField>(of scalar: S.Type) -> (inout JSONWriter) -> Void {
    if let names = (scalar as? any ProtoEnum.Type)?.names {
      return { json in
        json.key("type")
        json.string("string")
        json.key("enum")
        json.beginArray()
        for name in names { json.string(name.description) }
        json.endArray()
      }
    }
    switch scalar {
    case is Bool.Type: return type("boolean")
    case is Double.Type: return type("number")
    // A string, since other readers of JSON would round it.
    case is Int64.Type: return type("string")
    default: return type("integer")
    }
  }

  mutating func field<S: ScalarField>(_: Int, _ name: StaticString, _: inout S) {
    property(name, Self.type(of: S.self))
  }
  mutating func field<S: ScalarField>(_: Int, _ name: StaticString, _: inout S?) {
    property(name, Self.type(of: S.self))
  }
  mutating func field<S: ScalarField>(_: Int, _ name: StaticString, _: inout [S]) {
    property(name, isRepeated: true, Self.type(of: S.self))
  }
  mutating func field<T: MessageText>(_: Int, _ name: StaticString, _: inout T) {
    property(name, Self.type("string"))
  }
  mutating func field<T: MessageText>(_: Int, _ name: StaticString, _: inout [T]) {
    property(name, isRepeated: true, Self.type("string"))
  }
  mutating func field(_: Int, _ name: StaticString, _: inout Timestamp?) {
    property(name) { json in
      json.key("type")
      json.string("string")
      json.key("format")
      json.string("date-time")
    }
  }
  mutating func field<M: Message>(_: Int, _ name: StaticString, _: inout M?) {
    property(name) { M.writeSchemaMembers(to: &$0) }
  }
  mutating func field<M: Message>(_: Int, _ name: StaticString, _: inout [M]) {
    property(name, isRepeated: true) { M.writeSchemaMembers(to: &$0) }
  }
}
