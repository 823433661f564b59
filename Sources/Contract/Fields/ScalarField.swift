/// A field value that protobuf writes as a varint or as eight bytes.
public protocol ScalarField: Hashable {
  static var wireType: WireType { get }
  /// The value for these bits of the wire format. Any bits are accepted, as by protobuf (an int32 drops the upper ones).
  init(wireBits: UInt64)
  /// The bits in the wire format; zero for the default value.
  var wireBits: UInt64 { get }

  /// Reads the value from proto3 JSON.
  init(json: inout JSONReader) throws(DecodingError)
  /// Writes the value as proto3 JSON.
  func write(to json: inout JSONWriter)
}

/// How a field's value is laid out in protobuf.
public enum WireType: UInt8, Sendable {
  case varint = 0
  case fixed64 = 1
  case bytes = 2
  case groupStart = 3
  case groupEnd = 4
  case fixed32 = 5
}

extension ScalarField {
  @inlinable public static var wireType: WireType { .varint }
}

extension Bool: ScalarField {
  @inlinable public init(wireBits: UInt64) { self = wireBits != 0 }
  @inlinable public var wireBits: UInt64 { self ? 1 : 0 }
}

extension Int64: ScalarField {
  @inlinable public init(wireBits: UInt64) { self.init(bitPattern: wireBits) }
  @inlinable public var wireBits: UInt64 { UInt64(bitPattern: self) }
}

extension Int32: ScalarField {
  @inlinable public init(wireBits: UInt64) { self.init(truncatingIfNeeded: wireBits) }
  @inlinable public var wireBits: UInt64 { UInt64(bitPattern: Int64(self)) }
}

extension UInt32: ScalarField {
  @inlinable public init(wireBits: UInt64) { self.init(truncatingIfNeeded: wireBits) }
  @inlinable public var wireBits: UInt64 { UInt64(self) }
}

extension Double: ScalarField {
  @inlinable public static var wireType: WireType { .fixed64 }
  @inlinable public init(wireBits: UInt64) { self.init(bitPattern: wireBits) }
  @inlinable public var wireBits: UInt64 { bitPattern }
}

extension ProtoEnum {
  @inlinable public init(wireBits: UInt64) { self.init(rawValue: Int32(truncatingIfNeeded: wireBits)) }
  @inlinable public var wireBits: UInt64 { UInt64(bitPattern: Int64(rawValue)) }
}

/// A sint32 or sint64: encoded so that small numbers of either sign take few bytes.
public struct ZigZag<Value: FixedWidthInteger & SignedInteger>: ScalarField {
  public var value: Value

  @inlinable
  public init(_ value: Value) {
    self.value = value
  }

  @inlinable
  public init(wireBits: UInt64) {
    let bits = Value.Magnitude(truncatingIfNeeded: wireBits)
    value = Value(truncatingIfNeeded: bits >> 1) ^ -Value(truncatingIfNeeded: bits & 1)
  }

  @inlinable public var wireBits: UInt64 {
    UInt64(
      truncatingIfNeeded: Value.Magnitude(truncatingIfNeeded: (value << 1) ^ (value >> (Value.bitWidth - 1))))
  }
}

/// An enum of the schema. Open, as in proto3: a number without a name is kept.
public protocol ProtoEnum: RawRepresentable, Hashable, Sendable, ScalarField where RawValue == Int32 {
  init(rawValue: Int32)
  /// The schema's names; the name's index is its number.
  static var names: [StaticString] { get }
}

extension ProtoEnum {
  /// The schema's name; nil for a number that the schema does not have.
  public var name: StaticString? {
    Self.names.indices.contains(Int(rawValue)) ? Self.names[Int(rawValue)] : nil
  }

  /// Whether the schema has a name for the number.
  @inlinable public var isKnown: Bool { rawValue >= 0 && Int(rawValue) < Self.names.count }
}
