/// Something that always holds of a state, and does not: a defect of the program.
package struct BrokenInvariant: Error, CustomStringConvertible {
  package let description: String

  /// Throws unless `condition` holds.
  static func check(_ condition: Bool, _ what: @autoclosure () -> String) throws(BrokenInvariant) {
    if !condition { throw BrokenInvariant(description: what()) }
  }
}

extension Timeline {
  func checkInvariants() throws(BrokenInvariant) {
    for step in steps {
      try BrokenInvariant.check(
        step.month == step.order.effectiveAt.month, "a step is not in the month of its time")
    }
    for (step, next) in zip(steps, steps.dropFirst()) {
      try BrokenInvariant.check(step.month < next.month, "a timeline has steps that do not ascend by month")
    }
  }
}
