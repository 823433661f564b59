/// The number of a generation: one of the results that a log holds side by side, each computed from the same inputs. The output
/// topics of the first have plain names, those of the second end in ".2" (`indicator-snapshots.2`).
public struct Generation: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let number: UInt32

  /// Nil unless it is from 1 to 999,999,999.
  public init?(_ number: UInt32) {
    guard (1...999_999_999).contains(number) else { return nil }
    self.number = number
  }

  private init(successorOf number: UInt32) { self.number = number + 1 }

  public static let first = Generation(successorOf: 0)

  public var next: Generation { Generation(successorOf: number) }

  /// Appended to the names of topics and groups that each generation has of its own; empty for the first.
  public var suffix: String { self == .first ? "" : ".\(number)" }

  public var description: String { "generation \(number)" }

  public static func < (left: Generation, right: Generation) -> Bool { left.number < right.number }
}

extension Topic {
  /// The topic's name in this generation. All generations share the input topics and `generations`.
  public func name(in generation: Generation) -> String {
    Topic.ofGeneration.contains(self) ? name + generation.suffix : name
  }
}
