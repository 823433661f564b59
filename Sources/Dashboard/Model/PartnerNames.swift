import Contract
import EventLog
import Platform

/// What partners are called, by their newest events. One thread keeps it up to date, any may read it.
package final class PartnerNames: Sendable {
  private struct Name {
    var text: String
    /// Name and id as people look for them.
    var folded: [UInt8]
    var effectiveAt: Timestamp
    var revision: Int64
  }

  /// By the partner's id.
  private let names = ReadWriteLock<[ExactText: Name]>([:])

  package init() {}

  /// The id itself where there is no name. O(1).
  package func name(of partnerID: String) -> String {
    names.read { $0[ExactText(partnerID)]?.text } ?? partnerID
  }

  /// Calls `body` with what gives a partner's name and id, one after the other, as people look for them; O(1) where it has a name.
  package func withFoldedNames<Result>(_ body: ((String) -> [UInt8]) -> Result) -> Result {
    names.read { names in body { id in names[ExactText(id)]?.folded ?? Folding.bytes(id) } }
  }

  /// With a line break between, which nobody looks for.
  private static func folded(_ name: String, _ id: String) -> [UInt8] {
    Folding.bytes(name) + [UInt8(ascii: "\n")] + Folding.bytes(id)
  }

  /// Takes in the name that an event gives, unless a newer one is known. O(1).
  package func take(_ event: Partner<String>) {
    guard !event.partnerID.isEmpty, !event.name.isEmpty, let time = event.effectiveAt else { return }
    let id = ExactText(event.partnerID)
    let folded = Self.folded(event.name, event.partnerID)
    names.write { names in
      if let known = names[id],
        (known.effectiveAt, known.revision) > (time, event.revision)
      {
        return
      }
      names[id] = Name(
        text: event.name, folded: folded, effectiveAt: time, revision: event.revision)
    }
  }

  /// Follows the log until `stop`. Blocks. A log that cannot be read is reported: names are of no consequence.
  package func follow(_ log: any EventLog, until stop: StopSignal, report: (String) -> Void) {
    func tell(_ error: LogError) { report("partner names: \(error)") }
    do throws(LogError) {
      try followRetrying(until: stop, report: tell) { () throws(LogError) in
        let reader = try log.reader([.partners])
        while !stop.isStopped { try take(from: reader) }
      }
    } catch {
      tell(error)
    }
  }

  private func take(from reader: any LogReader) throws(LogError) {
    _ = try reader.poll(timeout: 200) { records in
      for record in records {
        // What cannot be read is refused by the aggregator, which says so.
        if let value = record.value, let event = try? Partner<String>(payload: value) { take(event) }
      }
    }
  }
}
