extension JSONReader {
  /// The names and indexes that lead to the byte at `offset` of a JSON text, such as `value.accounts[1]`; empty for what is
  /// in no member. Up to there the text need not be followed by anything valid. O(n) in what comes before.
  package static func path(to offset: Int, in text: UnsafeRawBufferPointer) -> String {
    var json = JSONReader(text)
    var steps: [Step] = []
    // Where the text goes wrong, the walk ends with the steps that led there.
    _ = try? json.walk(to: offset, &steps)
    return steps.reduce(into: "") { path, step in
      switch step {
      case .member(let key): path += (path.isEmpty ? "" : ".") + key.excerpt
      case .element(let index): path += "[\(index)]"
      }
    }
  }

  private enum Step {
    case member(JSONString)
    case element(Int)
  }

  /// Takes a value; returns true, and leaves the steps as they are, if `target` lies before its end.
  private mutating func walk(to target: Int, _ steps: inout [Step]) throws(DecodingError) -> Bool {
    let first = peek()
    // At its own first byte, or before it in what comes after the key.
    if target <= offset { return true }
    switch first {
    case UInt8(ascii: "{"):
      try beginObject()
      while let key = try nextKey() {
        steps.append(.member(key))
        if try walk(to: target, &steps) { return true }
        steps.removeLast()
      }
    case UInt8(ascii: "["):
      try beginArray()
      var index = 0
      while try nextElement() {
        steps.append(.element(index))
        if try walk(to: target, &steps) { return true }
        steps.removeLast()
        index += 1
      }
    default: _ = try value()
    }
    return target < offset
  }
}

extension JSONString {
  /// As it stands in the text, so without line breaks, and shortened where it is long: for people to read.
  package var excerpt: String {
    let limit = 80
    let start = String(decoding: raw.prefix(limit), as: UTF8.self)
    return raw.count > limit ? start + "…" : start
  }
}
