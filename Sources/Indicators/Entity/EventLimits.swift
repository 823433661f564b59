import Contract

/// What an event may hold, so that whatever follows from it can be written and reckoned with (SEMANTICS, "Events that are
/// refused").
package enum EventLimits {
  /// Bytes of UTF-8 of an id: of customers, subscriptions, users, lines, instances, persons, partners, products, workloads,
  /// exams.
  package static let id = 512
  /// Bytes of UTF-8 of what is for people to read: names, and what an action is called.
  package static let name = 1024
  /// The greatest amount, or credit, in millionths: a thousand million units of the currency.
  package static let amountMicros: Int64 = 1_000_000_000_000_000
  package static let seats: Int64 = 10_000_000
  /// A pass that expires that many months after the one in which it was passed, or later, does not expire: so what it
  /// contributes changes in few months.
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
