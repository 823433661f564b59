import HTTPClient
import Synchronization

/// Fetches the keys at an address into a `KeyRing`, repeatedly. If they cannot be fetched, the former keys stay in use for a while.
final class KeyURL: Sendable {
  typealias Fetch = @Sendable (_ isCancelled: () -> Bool) throws(FetchError) -> [UInt8]

  private let place: String
  private let ring: KeyRing
  private let fetch: Fetch
  private let schedule: Mutex<KeySchedule>

  init(_ place: String, _ refresh: KeyRefresh, _ ring: KeyRing, fetch: @escaping Fetch) {
    (self.place, self.ring, self.fetch) = (place, ring, fetch)
    schedule = Mutex(KeySchedule(refresh))
  }

  /// A token names an unknown key. Does not block.
  func missKey() { schedule.withLock { $0.missKey() } }

  /// Whether there are keys, possibly old ones.
  var hasKeys: Bool { schedule.withLock { $0.hasKeys } }

  /// Fetches the keys if that is due. Must be called by one thread, several times a second; it waits for the network until
  /// `isCancelled`. `now` is in seconds since 1970 UTC.
  func refresh(now: Int64, isCancelled: () -> Bool) {
    let isDue = schedule.withLock { schedule in
      guard schedule.isDue(now) else { return false }
      schedule.begin(now)
      return true
    }
    if isDue { fetchOnce(now, isCancelled) }
    let isStale = schedule.withLock { schedule in
      defer { if schedule.isStale(now) { schedule.forget() } }
      return schedule.isStale(now)
    }
    if isStale { ring.take(.empty, from: "\(place), which cannot be read for too long,", now: nil) }
  }

  private func fetchOnce(_ now: Int64, _ isCancelled: () -> Bool) {
    do throws(FetchError) {
      let bytes = try fetch(isCancelled)
      do throws(KeySetError) {
        let set = try JSONWebKeySet(bytes)
        schedule.withLock { $0.succeed(now) }
        ring.take(set, from: place, now: now)
        return
      } catch {
        throw FetchError(description: "\(place): \(error)")
      }
    } catch {
      guard !isCancelled() else { return }
      schedule.withLock { $0.fail() }
      ring.fail("the keys cannot be fetched\(hasKeys ? "; keeping the previous ones for now" : ""): \(error)")
    }
  }
}
