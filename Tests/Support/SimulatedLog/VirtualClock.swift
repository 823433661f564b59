/// Milliseconds that pass only when they are told to.
package final class VirtualClock: @unchecked Sendable {  // Owned by the one thread of its simulation.
  package private(set) var now: Int64 = 0

  package init() {}

  package func advance(by milliseconds: Int64) { now += milliseconds }
}
