/// The rules that results follow (docs/SEMANTICS.md).
package enum Semantics {
  /// Goes up whenever a rule changes, so that no result goes on under other rules than it was begun with.
  ///
  /// 1: the first with a number.
  package static let version: UInt32 = 1
}
