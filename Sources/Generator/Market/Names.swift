/// Made-up names, none of which is that of a company.
enum Names {
  static let words = [
    "amber", "birch", "cedar", "cobalt", "copper", "coral", "delta", "ember", "falcon", "fjord", "glacier",
    "granite", "harbor", "hazel", "indigo", "iris", "juniper", "kestrel", "lagoon", "larch", "linden",
    "lunar",
    "maple", "marble", "meadow", "mistral", "nimbus", "oasis", "ochre", "onyx", "orchid", "osprey", "pebble",
    "pine", "quartz", "raven", "ridge", "river", "saffron", "sierra", "slate", "solstice", "sparrow",
    "summit",
    "tundra", "velvet", "willow", "zephyr",
  ]

  static let partnerKinds = [
    "consulting", "cloud", "solutions", "advisory", "systems", "digital", "partners", "applications", "data",
    "business-software", "group",
  ]

  static let industries = [
    "foods", "logistics", "bank", "textiles", "energy", "health", "motors", "retail", "insurance", "paper",
    "steel", "travel", "pharma", "media", "dairy", "tools", "homes", "schools", "ports", "optics",
  ]

  /// Countries, each as often as its share of the market.
  static let countries: [String] = [
    ("US", 26), ("GB", 9), ("FR", 9), ("DE", 8), ("NL", 6), ("CA", 5), ("AU", 4), ("ES", 4), ("IT", 4),
    ("BE", 3),
    ("DK", 3), ("SE", 3), ("NO", 2), ("JP", 3), ("CN", 3), ("IN", 3), ("BR", 3), ("MX", 2),
  ].flatMap { Array(repeating: $0.0, count: $0.1) }

  /// Such as "cobalt-cloud-partners"; different for different indices.
  static func partner(_ index: Int, seed: UInt64) -> String {
    let kinds = partnerKinds.count
    let combinations = words.count * kinds * kinds
    // A prime step that is coprime to the number of combinations visits each of them before it returns.
    let place = (index * 4099 + Int(seed % UInt64(combinations))) % combinations
    let (word, kind) = (words[place % words.count], place / words.count)
    let (first, second) = (partnerKinds[kind % kinds], partnerKinds[kind / kinds])
    let name = first == second ? "\(word)-\(first)" : "\(word)-\(first)-\(second)"
    return index < combinations ? name : "\(name)-\(index / combinations + 1)"
  }

  /// Such as "harbor-foods-00000042.example": what a customer's tenant is called.
  static func tenant(_ index: Int, _ random: inout Random) -> String {
    let number = String(index)
    let padded = String(repeating: "0", count: max(0, 8 - number.count)) + number
    return "\(random.pick(words))-\(random.pick(industries))-\(padded).example"
  }

  /// "cobalt-cloud" as "Cobalt Cloud".
  static func title(_ slug: some StringProtocol) -> String {
    slug.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
  }
}
