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
