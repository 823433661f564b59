/// The one of `names` that `name` is most likely a misspelling of; nil if none is similar. Similar means an edit distance of at
/// most a third of its letters, or of one letter. Ignores case and underscores. O(letters squared) for each name.
package func nearestName(to name: String, among names: [String]) -> String? {
  let letters = plainLetters(name)
  let limit = max(1, letters.count / 3)
  let ranked = names.map { (name: $0, distance: editDistance(letters, plainLetters($0))) }
  return ranked.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.name
}

private func plainLetters(_ name: String) -> [UInt8] {
  // Bounds the cost; no known name is longer.
  name.lowercased().utf8.prefix(100).filter { $0 != UInt8(ascii: "_") }
}

/// The Damerau–Levenshtein distance, in its restricted form (optimal string alignment).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let isSame = left[row] == right[column]
      var distance = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        distance = min(distance, beforeLast[column - 1] + 1)
      }
      current.append(distance)
    }
    (beforeLast, last) = (last, current)
  }
  return last[right.count]
}
