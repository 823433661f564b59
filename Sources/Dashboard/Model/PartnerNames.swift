import Contract
import EventLog
import Platform

/// The names of partners, from their newest events. One thread keeps them up to date, any thread may read them.
package final class PartnerNames: Sendable {
  private struct Name {
    var text: String
    /// Name and id, folded for searching.
    var folded: [UInt8]
    var effectiveAt: Timestamp
    var revision: Int64
  }

  /// By the partner's id.
  private let names = ReadWriteLock<[ExactText: Name]>([:])

  package init() {}

  /// The name, or the id if there is none. O(1).
  package func name(of partnerID: String) -> String {
    names.read { $0[ExactText(partnerID)]?.text } ?? partnerID
  }

  /// Calls `body` with a function that returns a partner's name and id, folded for searching; O(1) if it has a name.
  package func withFoldedNames<Result>(_ body: ((String) -> [UInt8]) -> Result) -> Result {
    names.read { names in body { id in names[ExactText(id)]?.folded ?? Folding.bytes(id) } }
  }

  /// Separated by a line break, which no search contains.
  private static func folded(_ name: String, _ id: String) -> [UInt8] {
    Folding.bytes(name) + [UInt8(ascii: "\n")] + Folding.bytes(id)
  }

  /// Applies an event; its name counts unless a newer one is known. O(1).
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

  /// Follows the log until `stop`. Blocks. Only reports if the log cannot be read, since names are not essential.
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
        // The aggregator rejects and reports what cannot be decoded.
        if let value = record.value, let event = try? Partner<String>(payload: value) { take(event) }
      }
    }
  }
}
