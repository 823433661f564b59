/// Everything that one source (an entity task) contributes to one partner and cell, in absolute values. One without a cell has the
/// months in which a partner is eligible, or just the source's newest event time.
public struct PartnerPartial: Message, Sendable {
  /// The number of the entity task, and so of its input partition.
  public var source: UInt32 = 0
  /// The newest event time that the source had read.
  public var newestEventTime: Timestamp?
  public var partnerID = ""
  public var cell: Cell?
  /// Ascending by month.
  public var rows: [MonthRow] = []
  /// The months in which the partner is eligible.
  public var eligible: [MonthRange] = []

  public init() {}

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.field(1, "source", &source)
    try visitor.field(2, "newest_event_time", &newestEventTime)
    try visitor.field(3, "partner_id", &partnerID)
    try visitor.field(4, "cell", &cell)
    try visitor.field(5, "rows", &rows)
    try visitor.field(6, "eligible", &eligible)
  }
}

/// A range of months, each counted since 2000-01.
public struct MonthRange: Message, Sendable {
  public var from: Int32 = 0
  /// The month after the last one; nil for an open end.
  public var until: Int32?

  @inlinable public init() {}

  @inlinable
  public init(from: Int32, until: Int32?) {
    self.from = from
    self.until = until
  }

  @inlinable
  public mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor.signed(1, "from", &from)
    var coded = until.map { ZigZag($0) }
    try visitor.field(2, "until", &coded)
    until = coded?.value
  }
}
