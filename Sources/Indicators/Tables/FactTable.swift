/// A hash table of facts by identity, which are numbered in the order in which they were added. The facts never move, and the index
/// takes 4.8 to 6 bytes per fact; a dictionary would take up to three times as much, and twice that while it grows.
package struct FactTable<Fact: BitwiseCopyable>: ~Copyable {
  private struct Element: BitwiseCopyable {
    let identity: Identity
    var fact: Fact
  }

  private var elements = Slab<Element>()
  private var index = IdentityIndex()

  package init() {}

  package var count: Int { elements.count }

  /// Bytes of memory. O(1).
  package var byteCount: Int { elements.byteCount + index.byteCount }

  /// Nil if there is no fact of this identity. Expected O(1).
  package func number(of identity: Identity) -> Int32? {
    index.find(identity) { elements[Int($0)].identity == identity }.map { Int32(bitPattern: $0) }
  }

  package func identity(of number: Int32) -> Identity { elements[Int(number)].identity }

  package subscript(number: Int32) -> Fact {
    get { elements[Int(number)].fact }
    set { elements[Int(number)].fact = newValue }
  }

  /// Adds the fact of an identity that has none. Amortized O(1).
  @discardableResult
  package mutating func append(_ fact: Fact, of identity: Identity) -> Int32 {
    let number = UInt32(elements.count)
    elements.append(Element(identity: identity, fact: fact))
    if !index.hasRoom(for: number) {
      index = index.grown(toHold: number) { elements[Int($0)].identity }
    }
    index.insert(number, identity)
    return Int32(bitPattern: number)
  }
}

/// Numbers identities in the order in which they were added.
typealias IdentityNumbers = FactTable<NoFact>

/// The entry of a table that stores only identities.
package struct NoFact: BitwiseCopyable {
  package init() {}
}

extension FactTable where Fact == NoFact {
  /// The number of an identity, which is added if it is new; and whether it was.
  mutating func take(_ identity: Identity) -> (number: Int32, isNew: Bool) {
    if let number = number(of: identity) { return (number, false) }
    return (append(NoFact(), of: identity), true)
  }
}
