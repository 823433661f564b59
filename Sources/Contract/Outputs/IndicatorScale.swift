/// The bars' ranges of all indicators, over all ranked partners in a cell and month.
public struct IndicatorScale: Message, Sendable {
  public var cell: Cell?
  /// Such as "2026-11".
  public var month = ""
  public var scales: [Scale] = []

  @inlinable public init() {}

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "cell", &cell)
    try visitor.field(2, "month", &month)
    try visitor.field(3, "scales", &scales)
  }

  /// The bars of one indicator.
  public struct Scale: Message, Sendable {
    /// The indicator's field name in IndicatorSnapshot.
    public var indicator = ""
    /// Partners with a value.
    public var partners: Int32 = 0
    /// Four, in order.
    public var bars: [Bar] = []

    @inlinable public init() {}

    @inlinable
    public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
      try visitor.field(1, "indicator", &indicator)
      try visitor.field(2, "partners", &partners)
      try visitor.field(3, "bars", &bars)
    }
  }

  /// One quartile: how many partners it holds, and their least and greatest value.
  public struct Bar: Message, Sendable {
    /// 1 to 4.
    public var bar: Int32 = 0
    public var partners: Int32 = 0
    /// Nil, as is `max`, for a bar that holds no partner.
    public var min: Double?
    public var max: Double?

    @inlinable public init() {}

    public init(bar: Int32, partners: Int32, min: Double?, max: Double?) {
      self.bar = bar
      self.partners = partners
      self.min = min
      self.max = max
    }

    @inlinable
    public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
      try visitor.field(1, "bar", &bar)
      try visitor.field(2, "partners", &partners)
      try visitor.field(3, "min", &min)
      try visitor.field(4, "max", &max)
    }
  }
}
