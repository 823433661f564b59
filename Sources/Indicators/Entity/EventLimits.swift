import Contract

/// Bounds of an event's fields, so that everything that follows from it can be written and computed (SEMANTICS, "Events
/// that are rejected").
package enum EventLimits {
  /// Bytes of UTF-8 of an id: of customers, subscriptions, users, lines, instances, persons, partners, products, workloads,
  /// exams.
  package static let id = 512
  /// Bytes of UTF-8 of readable texts: names, including those of actions.
  package static let name = 1024
  /// The greatest amount, billed or credited, in millionths: a thousand million units of the currency.
  package static let amountMicros: Int64 = 1_000_000_000_000_000
  package static let seats: Int64 = 10_000_000
  /// A pass that expires this many months after the month of the pass, or later, does not expire: what it contributes then
  /// changes in few months.
  static let monthsOfPass = 1200
}

extension BorrowedText {
  @inline(__always)
  func requireID() throws(Refusal) {
    if count > EventLimits.id { throw .textTooLong }
  }

  @inline(__always)
  func requireName() throws(Refusal) {
    if count > EventLimits.name { throw .textTooLong }
  }
}
