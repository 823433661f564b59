import Contract
import EventLog

/// Customers and persons whose events are to be erased.
package struct ForgottenEntities: Sendable {
  /// Ids by the kind of entity, as in `Topic.keyName`: "customer" or "person".
  private var ids: [String: Set<[UInt8]>] = [:]

  package init() {}

  package init(customers: [String], persons: [String]) {
    ids = ["customer": Set(customers.map { Array($0.utf8) }), "person": Set(persons.map { Array($0.utf8) })]
  }

  package var isEmpty: Bool { ids.values.allSatisfy(\.isEmpty) }

  /// Whether a record of an input belongs to one of them, by its key or, if a producer used another key, by its value.
  package func contains(_ record: Record) -> Bool {
    guard let ids = ids[record.topic.keyName], !ids.isEmpty else { return false }
    if let key = record.key, ids.contains(Array(key)) { return true }
    return record.value.flatMap { record.topic.entityID(of: $0) }.map { ids.contains($0) } ?? false
  }
}
