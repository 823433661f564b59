import Contract
import EventLog

/// Keeps `Generations` up to date with a log. Owned by one thread.
package final class GenerationReader {
  package private(set) var generations = Generations()
  private let log: any EventLog
  private var reader: (any LogReader)?
  private var asked = ContinuousClock.now

  /// Reads the current contents of the log. A log without the topic has only the first generation.
  package init(_ log: any EventLog) throws(LogError) {
    self.log = log
    try open()
  }

  /// Applies new records.
  package func poll() throws(LogError) {
    if reader == nil {
      guard ContinuousClock.now - asked > .seconds(2) else { return }
      asked = .now
      return try open()
    }
    _ = try take(timeout: 0)
  }

  private func open() throws(LogError) {
    do throws(LogError) {
      _ = try log.partitionCounts(of: [.generations])
    } catch {
      guard error.isMissingTopic else { throw error }
      return
    }
    reader = try log.reader([.generations])
    while try !take(timeout: 100) {}
  }

  private func take(timeout: Int32) throws(LogError) -> Bool {
    var failure: LogError?
    let isAtEnd = try reader?.poll(timeout: timeout) { records in
      for record in records {
        guard let key = record.key, let value = record.value else { continue }
        do {
          generations.apply(key: String(decoding: key, as: UTF8.self), try GenerationRecord(payload: value))
        } catch {
          failure = LogError(
            .unusable, code: "BAD_GENERATION",
            "record \(record.offset) of \(record.topicPartition) was not written by this program: \(error)")
        }
      }
    }
    // It may say which generation is served, or the definition of one, so it must not be ignored.
    if let failure { throw failure }
    return isAtEnd ?? true
  }
}
