/// A message of the schema; `schemas/*.proto` say what its fields mean. `visitFields` declares the fields once, and each codec is a
/// `FieldVisitor`.
public protocol Message: Hashable {
  /// The same message whose texts are `String`s.
  associatedtype Owned: Message = Self

  /// All fields at their defaults.
  init()

  /// Passes every field to `visitor`, in the order of their numbers.
  mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure)
}

/// An event: the one type of message of an input topic.
public protocol InputMessage: Message where Owned: InputMessage, Owned.Owned == Owned {
  /// `String`, or `BorrowedText` to decode without copying.
  associatedtype Text: MessageText
  static var topic: Topic { get }
  /// The id that is the record's key: of the customer, person or partner.
  var key: Text { get }
}

/// Reads or writes the fields of a message, each with its number and name in the schema.
public protocol FieldVisitor {
  /// What a visit throws; `Never` for encoders.
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
