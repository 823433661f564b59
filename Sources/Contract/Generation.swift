/// One of the results that a log holds side by side, each computed from all of the inputs. The first one's topics have plain
/// names; "indicator-snapshots.2" is of the second.
public struct Generation: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let number: UInt32

  /// Nil for a number that is none's.
  public init?(_ number: UInt32) {
    guard (1...999_999_999).contains(number) else { return nil }
    self.number = number
  }

  private init(successorOf number: UInt32) { self.number = number + 1 }

  public static let first = Generation(successorOf: 0)

  public var next: Generation { Generation(successorOf: number) }

  /// What comes after the names of what is not shared with other generations.
  public var suffix: String { self == .first ? "" : ".\(number)" }

  public var description: String { "generation \(number)" }

  public static func < (left: Generation, right: Generation) -> Bool { left.number < right.number }
}

extension Topic {
  /// What the topic is called for those who compute or read this generation: they share the inputs, and which generation
  /// is served.
  public func name(in generation: Generation) -> String {
    Topic.ofGeneration.contains(self) ? name + generation.suffix : name
  }
}
