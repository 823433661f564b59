/// A field of a message, as its JSON form shows it.
package struct JSONField: Sendable {
  /// What values a field takes.
  package enum Kind: Sendable, Equatable {
    case text
    case integer
    case bool
    /// An instant.
    case time
    /// One of these names.
    case name([String])
    /// Anything else.
    case other
  }

  /// In lowerCamelCase.
  package var name: String
  /// Of each element, if it is repeated.
  package var kind: Kind
  package var isRepeated: Bool
}

extension Message {
  /// The fields, in the order of their numbers.
  package static var jsonFields: [JSONField] {
    var collector = FieldCollector()
    var message = Self()
    message.visitFields(&collector)
    return collector.fields
  }
}

private struct FieldCollector: FieldVisitor {
  typealias Failure = Never
  var fields: [JSONField] = []

  private mutating func note(_ name: StaticString, _ kind: JSONField.Kind, isRepeated: Bool = false) {
    fields.append(JSONField(name: FieldName(name).camelCase, kind: kind, isRepeated: isRepeated))
  }

  private func kind<S: ScalarField>(_: S.Type) -> JSONField.Kind {
    if S.self == Bool.self { return .bool }
    if S.self == Int64.self { return .integer }
    guard let names = (S.self as? any ProtoEnum.Type)?.names else { return .other }
    return .name(names.map(\.description))
  }

  mutating func field<S: ScalarField>(_: Int, _ name: StaticString, _: inout S) { note(name, kind(S.self)) }
  mutating func field<S: ScalarField>(_: Int, _ name: StaticString, _: inout S?) { note(name, kind(S.self)) }
  mutating func field<S: ScalarField>(_: Int, _ name: StaticString, _: inout [S]) {
    note(name, kind(S.self), isRepeated: true)
  }
  mutating func field<T: MessageText>(_: Int, _ name: StaticString, _: inout T) { note(name, .text) }
  mutating func field<T: MessageText>(_: Int, _ name: StaticString, _: inout [T]) {
    note(name, .text, isRepeated: true)
  }
  mutating func field(_: Int, _ name: StaticString, _: inout Timestamp?) { note(name, .time) }
  mutating func field<M: Message>(_: Int, _ name: StaticString, _: inout M?) { note(name, .other) }
  mutating func field<M: Message>(_: Int, _ name: StaticString, _: inout [M]) {
    note(name, .other, isRepeated: true)
  }
}
