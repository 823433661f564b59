import Synchronization

/// Tells threads to stop.
public final class StopSignal: Sendable {
  private let isSet = Atomic(false)

  public init() {}

  public var isStopped: Bool { isSet.load(ordering: .acquiring) }

  public func stop() { isSet.store(true, ordering: .releasing) }
}
