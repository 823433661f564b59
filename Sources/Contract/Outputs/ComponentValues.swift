/// One whole number for each component: message Components. All operations are O(1) and wrap around on overflow.
public struct ComponentValues: Sendable {
  @usableFromInline var values: ComponentArray<Int64>

  /// All zero.
  @inlinable
  public init() {
    values = InlineArray(repeating: 0)
  }

  @inlinable public subscript(component: Component) -> Int64 {
    get { values[component.rawValue] }
    set { values[component.rawValue] = newValue }
  }

  @inlinable public var isZero: Bool {
    var bits: Int64 = 0
    for index in values.indices { bits |= values[index] }
    return bits == 0
  }

  @inlinable public var hasNegative: Bool {
    var bits: Int64 = 0
    for index in values.indices { bits |= values[index] }
    return bits < 0
  }

  @inlinable
  public static func &+= (left: inout ComponentValues, right: ComponentValues) {
    for index in left.values.indices { left.values[index] &+= right.values[index] }
  }

  /// The bits that are set in either.
  @inlinable
  public static func |= (left: inout ComponentValues, right: ComponentValues) {
    for index in left.values.indices { left.values[index] |= right.values[index] }
  }

  @inlinable
  public static func &-= (left: inout ComponentValues, right: ComponentValues) {
    for index in left.values.indices { left.values[index] &-= right.values[index] }
  }
}

extension ComponentValues: Hashable {
  @inlinable
  public static func == (left: ComponentValues, right: ComponentValues) -> Bool {
    var difference: Int64 = 0
    for index in left.values.indices { difference |= left.values[index] ^ right.values[index] }
    return difference == 0
  }

  public func hash(into hasher: inout Hasher) {
    for index in values.indices { hasher.combine(values[index]) }
  }
}

/// The name of the message in the schema.
public typealias Components = ComponentValues

extension ComponentValues: Message {
  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    for component in Component.allCases {
      try visitor.field(component.rawValue + 1, component.fieldName, &values[component.rawValue])
    }
  }
}
