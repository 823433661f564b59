/// The one of `names` that `name` is most likely a slip for, if any is near: at most a third of its letters, one at least, are
/// wrong, missing, too many or swapped. Case and underscores make no difference. O(letters squared) for each name.
package func nearestName(to name: String, among names: [String]) -> String? {
  let letters = plainLetters(name)
  let limit = max(1, letters.count / 3)
  let ranked = names.map { (name: $0, distance: editDistance(letters, plainLetters($0))) }
  return ranked.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.name
}

private func plainLetters(_ name: String) -> [UInt8] {
  // Longer ones are near nothing.
  name.lowercased().utf8.prefix(100).filter { $0 != UInt8(ascii: "_") }
}

/// Damerau and Levenshtein's, each pair of letters swapped at most once (optimal string alignment).
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
