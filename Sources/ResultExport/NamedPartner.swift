import Contract
import EventLog

/// What a partner is called, by its newest event.
package struct NamedPartner: Sendable, Equatable {
  package var id: String
  package var name: String
  /// ISO 3166-1 alpha-2.
  package var country: String

  package init(id: String, name: String, country: String) {
    self.id = id
    self.name = name
    self.country = country
  }

  /// All partners of a log, in the order of their ids' bytes. O(records of the topic).
  package static func all(in log: any EventLog) throws(LogError) -> [NamedPartner] {
    var newest: [ExactText: Partner<String>] = [:]
    _ = try log.readAll([.partners], until: { false }) { records in
      for record in records {
        // What cannot be read was rejected by the aggregator.
        guard let value = record.value, let event = try? Partner<String>(payload: value),
          !event.partnerID.isEmpty, let time = event.effectiveAt
        else { continue }
        let id = ExactText(event.partnerID)
        if let known = newest[id], let knownTime = known.effectiveAt,
          (knownTime, known.revision) > (time, event.revision)
        {
          continue
        }
        newest[id] = event
      }
    }
    return newest.sorted { $0.key < $1.key }.map {
      NamedPartner(id: $0.value.partnerID, name: $0.value.name, country: $0.value.country)
    }
  }
}
