import Contract

/// Counts unknown members of imported lines by place and name.
struct UnknownFields {
  private struct Place: Hashable {
    /// The topic of the value that has the member; nil for a member of the line itself.
    var topic: Topic?
    var name: String
  }

  private var places: [Place: (count: Int, nearest: String?)] = [:]
  /// Unknown members beyond the first `limit` names.
  private var others = 0

  /// Bounds memory, since names come from outside.
  private static let limit = 100

  /// Counts a member of a value of `topic`, or of the line if that is nil. `known` are the valid names there.
  mutating func count(_ member: JSONString, of topic: Topic?, known: @autoclosure () -> [String]) {
    let place = Place(topic: topic, name: member.excerpt)
    if let found = places[place] {
      places[place] = (found.count + 1, found.nearest)
    } else if places.count < Self.limit {
      places[place] = (1, nearestName(to: place.name, among: known()))
    } else {
      others += 1
    }
  }

  /// A sentence for each name, the most frequent one first.
  var report: [String] {
    let sorted = places.sorted { left, right in
      (-left.value.count, left.key.topic?.name ?? "", left.key.name)
        < (-right.value.count, right.key.topic?.name ?? "", right.key.name)
    }
    var sentences = sorted.map { place, found in
      "\"\(place.name)\" of \(place.topic.map { "\($0.name)" } ?? "the line") is an unknown field and was ignored, "
        + (found.count == 1 ? "once" : "\(found.count) times")
        + (found.nearest.map { "; the nearest known one is \"\($0)\"" } ?? "")
    }
    if others > 0 { sentences.append("other unknown fields were ignored too, \(others) in total") }
    return sentences
  }
}
