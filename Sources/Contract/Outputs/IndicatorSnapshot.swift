/// The indicators of a partner in a cell and month.
public struct IndicatorSnapshot: Message, Sendable {
  public var partnerID = ""
  public var cell: Cell?
  /// Such as "2026-11".
  public var month = ""
  public var components: Components?
  /// The newest event time that this snapshot reflects.
  public var asOf: Timestamp?
  @usableFromInline var indicators = IndicatorArray<Indicator?>(repeating: nil)

  @inlinable public init() {}

  /// Nil if the message does not have the field.
  @inlinable
  public subscript(kind: IndicatorKind) -> Indicator? {
    get { indicators[kind.rawValue] }
    set { indicators[kind.rawValue] = newValue }
  }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "partner_id", &partnerID)
    try visitor.field(2, "cell", &cell)
    try visitor.field(3, "month", &month)
    for kind in IndicatorKind.allCases {
      let definition = kind.definition
      try visitor.field(definition.field, definition.name, &indicators[kind.rawValue])
    }
    try visitor.field(11, "components", &components)
    try visitor.field(12, "as_of", &asOf)
  }
}

extension IndicatorSnapshot {
  public static func == (left: IndicatorSnapshot, right: IndicatorSnapshot) -> Bool {
    left.partnerID == right.partnerID && left.cell == right.cell && left.month == right.month
      && left.components == right.components && left.asOf == right.asOf
      && IndicatorKind.allCases.allSatisfy { left[$0] == right[$0] }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(partnerID)
    hasher.combine(cell)
    hasher.combine(month)
    for kind in IndicatorKind.allCases { hasher.combine(self[kind]) }
    hasher.combine(components)
    hasher.combine(asOf)
  }
}
