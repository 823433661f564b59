/// One of the four segments (quartiles) of an indicator.
package struct Segment: Sendable, Hashable {
  /// 1 (the least values) to 4 (the greatest).
  package var number: Int
  /// How many partners are in it, including the report's.
  package var partners: Int
  package var range: SegmentRange
  /// Whether the partner of the report is in it.
  package var isOwn: Bool

  package init(number: Int, partners: Int, range: SegmentRange, isOwn: Bool) {
    self.number = number
    self.partners = partners
    self.range = range
    self.isOwn = isOwn
  }
}

/// What a viewer may see of the values in a segment.
package enum SegmentRange: Sendable, Hashable {
  case shown(least: Double, greatest: Double)
  /// There are too few partners: their values could be inferred.
  case withheld
  /// No partner is in it.
  case empty
}
