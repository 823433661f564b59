import Contract
import Metrics
import Synchronization

/// The current keys that tokens may be signed with, and counts of reading them. For any thread.
final class KeyRing: Sendable {
  private struct State {
    var set = JSONWebKeySet.empty
    /// When keys were last read, in seconds since 1970 UTC; nil if never.
    var readAt: Int64?
    var failures = 0
    var reads = 0
  }

  private let state = Mutex(State())
  private let report: @Sendable (AccessNotice) -> Void

  /// `report` gets a line for whatever happens to the keys.
  init(report: @escaping @Sendable (AccessNotice) -> Void) { self.report = report }

  func candidates(id: String?, _ algorithm: SignatureAlgorithm) -> [JSONWebKey] {
    state.withLock { $0.set }.candidates(id: id, algorithm)
  }

  /// Replaces the keys by a set that was read from `place`, and revokes those that are gone. `now` is in seconds since 1970 UTC;
  /// nil for a set that was not read.
  func take(_ new: JSONWebKeySet, from place: String, now: Int64?) {
    let isChanged = state.withLock { state in
      let wasRead = state.readAt != nil
      if now != nil {
        state.reads += 1
        state.readAt = now
      }
      return Self.put(new, in: &state.set, wasRead: wasRead)
    }
    guard isChanged else { return }
    for fault in new.faults { report(.warning("\(place): skipping \(fault)")) }
    if new.keys.isEmpty {
      report(.warning("\(place) has no signature key for RS256 or ES256: every token is refused"))
    } else {
      report(.information("\(place): \(new.keys.count) \(new.keys.count == 1 ? "key" : "keys")"))
    }
  }

  /// Keeps the objects of keys that are still there. Returns whether anything has changed.
  private static func put(
    _ new: JSONWebKeySet, in set: inout JSONWebKeySet, wasRead: Bool
  ) -> Bool {
    var next = new
    let known = Dictionary(set.keys.map { ($0.identity, $0) }) { first, _ in first }
    next.keys = new.keys.map { known[$0.identity] ?? $0 }
    let stays = Set(next.keys.map(ObjectIdentifier.init))
    let before = Set(set.keys.map(ObjectIdentifier.init))
    for key in set.keys where !stays.contains(ObjectIdentifier(key)) { key.revoke() }
    let isChanged = stays != before || next.faults != set.faults || !wasRead
    set = next
    return isChanged
  }

  /// Notes that keys could not be read; the former ones stay.
  func fail(_ reason: String) {
    state.withLock { $0.failures += 1 }
    report(.warning(reason))
  }

  func write(to text: inout MetricsText) {
    let (keys, faults, reads, failures, readAt) = state.withLock {
      ($0.set.keys.count, $0.set.faults.count, $0.reads, $0.failures, $0.readAt)
    }
    text.single(
      "partner_pulse_token_keys", .gauge, "Keys that tokens may be signed with.", Double(keys))
    text.single(
      "partner_pulse_token_keys_skipped", .gauge, "Keys of the key set that cannot be used.", Double(faults))
    let outcomes = "partner_pulse_token_key_reads_total"
    text.begin(outcomes, .counter, "Reads of the key set, by outcome.")
    text.sample(outcomes, [("outcome", "read")], Double(reads))
    text.sample(outcomes, [("outcome", "failed")], Double(failures))
    guard let readAt else { return }
    text.single(
      "partner_pulse_token_keys_timestamp_seconds", .gauge, "Time when the key set was last read.",
      Double(readAt))
  }
}

/// Something that happened to the keys or the access log, for the program's log.
package enum AccessNotice: Sendable, Equatable {
  case information(String)
  case warning(String)
}
