import Contract

/// A sum that 63 bits cannot hold, or that is negative though it is one of parts that are not: nothing of it may be published.
///
/// Amounts are bounded (`EventLimits`), so it takes thousands of lines of the greatest amount for one partner.
public struct SumOutOfRange: Error, Sendable, Equatable, CustomStringConvertible {
  public var partnerID: String
  public var component: Component

  public init(partnerID: String, component: Component) {
    self.partnerID = partnerID
    self.component = component
  }

  public var description: String { "the sum of \(component.name) of partner \"\(partnerID)\" leaves 63 bits" }
}
