/// The rules that results follow (docs/SEMANTICS.md).
package enum Semantics {
  /// Must be raised whenever a rule changes, so that no result is continued under other rules than it was begun under.
  ///
  /// 1: the first with a number.
  package static let version: UInt32 = 1
}
