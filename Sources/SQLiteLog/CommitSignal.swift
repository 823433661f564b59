#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Counts the changes that this process makes to the file, and wakes the threads that wait for one.
// @unchecked: the count is only touched under the mutex, which this object owns with the condition.
final class CommitSignal: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var changes: UInt64 = 0

  init() {
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    #if canImport(Glibc)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    #endif
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  var count: UInt64 {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return changes
  }

  func raise() {
    pthread_mutex_lock(mutex)
    changes += 1
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Returns once the count is not `seen`, or after `milliseconds`.
  func wait(whileAt seen: UInt64, milliseconds: Int64) {
    #if canImport(Glibc)
      var deadline = timespec()
      clock_gettime(CLOCK_MONOTONIC, &deadline)
      deadline.tv_sec += Int(milliseconds / 1000)
      deadline.tv_nsec += Int(milliseconds % 1000) * 1_000_000
      if deadline.tv_nsec >= 1_000_000_000 {
        deadline.tv_sec += 1
        deadline.tv_nsec -= 1_000_000_000
      }
    #else
      var timeout = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
    #endif
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while changes == seen {
      #if canImport(Glibc)
        if pthread_cond_timedwait(condition, mutex, &deadline) != 0 { return }
      #else
        if pthread_cond_timedwait_relative_np(condition, mutex, &timeout) != 0 { return }
      #endif
    }
  }
}
