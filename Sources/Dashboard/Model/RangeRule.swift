import Contract

/// What a viewer may see of the ranges of an indicator in a cell and month. docs/PRIVACY.md explains the rule, the attacks that it
/// stops, and what remains possible.
///
/// The ends of a range are two partners' values, so they are rounded outwards to two significant digits. All ranges of an indicator
/// are withheld together, since that of one segment could be inferred from the others.
package struct RangeRule: Sendable, Hashable {
  /// How many partners besides the viewer each non-empty segment must have. With 1 or less nothing is withheld or rounded.
  package var minimumPartners: Int
  /// How many partners a segment must have if its ends are equal, since these are then the exact value of all of them.
  package static let minimumPartnersOfEqualEnds = 10
  /// How many more partners the viewer may see. It knows their values, so they do not count as others.
  private var furtherPartners = 0
  /// Whether ranges are shown without withholding or rounding.
  package private(set) var isExact: Bool

  package init(minimumPartners: Int = 3) {
    self.minimumPartners = minimumPartners
    isExact = minimumPartners <= 1
  }

  /// The rule for a viewer: an administrator may see every value anyway.
  package func seen(by viewer: Viewer) -> RangeRule {
    var rule = self
    if viewer.isAdministrator { rule.isExact = true }
    rule.furtherPartners = max(0, viewer.partnerIDs.count - 1)
    return rule
  }

  /// What the viewer may see of each of an indicator's bars. `ownBar` is the viewer's, nil if it has no value. Without a snapshot
  /// of its own in the cell and month, the viewer sees no range.
  func ranges(of bars: [IndicatorScale.Bar], ownBar: Int32?, hasSnapshot: Bool) -> [SegmentRange] {
    let isShown = isExact || hasSnapshot && bars.allSatisfy { mayShow($0, isOwn: $0.bar == ownBar) }
    return bars.map { bar in
      guard bar.partners > 0, let least = bar.min, let greatest = bar.max else { return .empty }
      guard isShown else { return .withheld }
      return isExact
        ? .shown(least: least, greatest: greatest)
        : .shown(least: least.roundedToTwoDigits(.down), greatest: greatest.roundedToTwoDigits(.up))
    }
  }

  private func mayShow(_ bar: IndicatorScale.Bar, isOwn: Bool) -> Bool {
    guard bar.partners > 0 else { return true }
    let partners = Int(bar.partners) - furtherPartners
    return partners - (isOwn ? 1 : 0) >= minimumPartners
      && (bar.min != bar.max || partners >= Self.minimumPartnersOfEqualEnds)
  }
}

extension Double {
  /// The nearest number of at most two significant digits that is not greater (`.down`) or not less (`.up`).
  package func roundedToTwoDigits(_ rule: FloatingPointRoundingRule) -> Double {
    guard isFinite, self != 0 else { return self }
    // The least power of ten that leaves two digits before the point.
    var scale = 1.0
    while magnitude / scale >= 100 { scale *= 10 }
    if scale > 1 { return (self / scale).rounded(rule) * scale }
    while magnitude * scale < 10 { scale *= 10 }
    // 0.29 * 100 is a little less than 29.
    let nearest = (self * scale).rounded()
    return nearest / scale == self ? self : (self * scale).rounded(rule) / scale
  }
}
