import Contract
import EventLog

/// A log that measures what the group members on it do. Everything else goes straight through.
public struct MeasuredLog: ForwardingLog {
  public let log: any EventLog
  private let metrics: GroupMetrics

  public init(_ log: any EventLog, _ metrics: GroupMetrics) {
    self.log = log
    self.metrics = metrics
  }

  public func join(_ group: GroupSpec, as identity: MemberIdentity) throws(LogError) -> any GroupMember {
    MeasuredMember(try log.join(group, as: identity), group.name, metrics)
  }
}
