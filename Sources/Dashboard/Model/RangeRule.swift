/// When the range of a segment may be seen.
///
/// A range is the least and the greatest value in a segment, so over one or two partners it tells their values. It is
/// shown if
///
/// 1. at least `fewestPartners` are in the segment, whoever looks; and
/// 2. where that is the partner's own segment, at least two others are in it. The partner knows its own value, so a
///    single other one could be told apart from it.
///
/// Else least and greatest are both left out, never one of them. How many partners are in a segment is always said: it
/// follows from how many there are in all, and says nothing of their values. A partner sees no value of another one
/// but those that end a range that is shown; which partner has it stays open between at least two.
///
/// With `fewestPartners` 1 or less nothing is withheld.
public struct RangeRule: Sendable, Hashable {
  public var fewestPartners: Int

  public init(fewestPartners: Int = 3) {
    self.fewestPartners = fewestPartners
  }

  /// What may be seen of the range from `least` to `greatest` over so many partners.
  func range(over partners: Int, isOwn: Bool, least: Double?, greatest: Double?) -> SegmentRange {
    guard partners > 0, let least, let greatest else { return .empty }
    guard fewestPartners > 1 else { return .shown(least: least, greatest: greatest) }
    let others = isOwn ? partners - 1 : partners
    guard partners >= fewestPartners, others >= 2 else { return .withheld }
    return .shown(least: least, greatest: greatest)
  }
}
