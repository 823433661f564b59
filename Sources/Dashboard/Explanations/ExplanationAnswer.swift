import Contract
import Indicators

/// What there is to say to who asks for an explanation.
enum ExplanationAnswer: Sendable {
  case ready(Explanation)
  /// It is being made; to be asked for again.
  case inWork
  /// Too many wait for theirs; to be asked for later.
  case busy
  /// Too many of the same client wait for theirs.
  case tooMany
  /// The catalog has no such product or workload.
  case unknownCell
  case failed(String)

  /// Whether it says other numbers than those that are published by now.
  func differs(from published: Components?) -> Bool {
    switch self {
    case .ready(let explanation):
      let total = explanation.total
      guard let published else { return explanation.standing == .published && !total.isZero }
      return explanation.components.contains { total[$0] != published[$0] }
    case .failed: return true
    case .inWork, .busy, .tooMany, .unknownCell: return false
    }
  }
}
