/// An enum of the schema. Open, as in proto3: a number without a name is kept.
public protocol ProtoEnum: RawRepresentable, Hashable, Sendable, ScalarField where RawValue == Int32 {
  init(rawValue: Int32)
  /// The schema's names; the name's index is its number.
  static var names: [StaticString] { get }
}

extension ProtoEnum {
  /// The schema's name, or nil for a number it does not know.
  public var name: StaticString? {
    Self.names.indices.contains(Int(rawValue)) ? Self.names[Int(rawValue)] : nil
  }

  /// Whether the schema has a name for the number.
  @inlinable public var isKnown: Bool { rawValue >= 0 && Int(rawValue) < Self.names.count }
}
