/// One month of a partial: amounts of that month alone, and levels as changes from the month before.
public struct MonthRow: Message, Sendable, Equatable {
  /// Months since 2000-01.
  public var month: Int32 = 0
  public var values = ComponentValues()

  @inlinable public init() {}

  @inlinable
  public init(month: Int32, values: ComponentValues) {
    self.month = month
    self.values = values
  }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.signed(1, "month", &month)
    for component in Component.allCases {
      try visitor.signed(component.rawValue + 2, component.fieldName, &values[component])
    }
  }
}

extension FieldVisitor {
  /// Visits a sint32 or sint64 field.
  @inlinable
  mutating func signed<Value: FixedWidthInteger & SignedInteger>(
    _ number: Int, _ name: StaticString, _ value: inout Value
  ) throws(Failure) {
    var coded = ZigZag(value)
    try field(number, name, &coded)
    value = coded.value
  }
}
