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

extension ComponentValues {
  /// Whether an amount of money does not fit: both are sums of non-negative parts, and no sum of two numbers of 63 bits wraps
  /// further than into the negative ones.
  @inline(__always)
  var hasAmountOutOfRange: Bool { self[.billedMicros] | self[.creditedMicros] < 0 }

  var negativeAmount: Component? {
    self[.billedMicros] < 0 ? .billedMicros : self[.creditedMicros] < 0 ? .creditedMicros : nil
  }

  /// The first component that is negative; nil if none is.
  var negativeComponent: Component? { Component.allCases.first { self[$0] < 0 } }
}
