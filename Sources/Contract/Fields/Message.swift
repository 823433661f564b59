/// A message of the schema. Its fields are declared once, in `visitFields`; the codecs are visitors.
public protocol Message: Hashable {
  /// The same message with text of its own.
  associatedtype Owned: Message = Self

  /// All fields at their defaults.
  init()

  /// Shows every field to `visitor`, in the order of their numbers.
  mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure)
}

/// A message that the program consumes: the one type of its topic.
public protocol InputMessage: Message where Owned: InputMessage, Owned.Owned == Owned {
  associatedtype Text: MessageText
  static var topic: Topic { get }
  /// The record's key.
  var key: Text { get }
}

/// Reads or writes the fields of a message; `name` is the schema's.
public protocol FieldVisitor {
  associatedtype Failure: Error

  mutating func field<S: ScalarField>(_ number: Int, _ name: StaticString, _ value: inout S) throws(Failure)
  mutating func field<S: ScalarField>(_ number: Int, _ name: StaticString, _ value: inout S?) throws(Failure)
  mutating func field<S: ScalarField>(_ number: Int, _ name: StaticString, _ values: inout [S])
    throws(Failure)
  mutating func field<T: MessageText>(_ number: Int, _ name: StaticString, _ text: inout T) throws(Failure)
  mutating func field<T: MessageText>(_ number: Int, _ name: StaticString, _ texts: inout [T]) throws(Failure)
  mutating func field(_ number: Int, _ name: StaticString, _ time: inout Timestamp?) throws(Failure)
  mutating func field<M: Message>(_ number: Int, _ name: StaticString, _ message: inout M?) throws(Failure)
  mutating func field<M: Message>(_ number: Int, _ name: StaticString, _ messages: inout [M]) throws(Failure)
}
