/// What a channel wakes when its report has changed.
protocol ChannelFollower: AnyObject, Sendable {
  /// Whether it has something to send without a change: a heartbeat, or its end.
  func isDue(now: Int64) -> Bool
  func wake()
}
