import Contract
import Randomness

/// Who and what the events of a random set are about, and when.
struct RandomWorld {
  let customers: [String]
  let subscriptions: [String]
  let users: [String]
  let lines: [String]
  let instances: [String]
  let persons: [String]
  let partners: [String]
  /// Listed and not, some in two forms of Unicode.
  let workloads = ["a", "a", "ab", "ab", "b", "caf\u{e9}", "cafe\u{301}", "unknown", ""]
  let countries = ["FR", "FR", "BE", "CN", ""]
  let partnerCountries = ["FR", "BE", "DE", "CN", ""]
  /// Topics, as often as their events shall occur.
  let mix: [Topic]
  /// The greatest number of events.
  let length: Int

  private let firstMonth: ModelMonth
  private let monthCount: Int
  /// Whether most happens in months in which the window's edges are when the last month is the current one.
  private let keepsToEdges: Bool
  /// Instants that occur again and again.
  private let instants: [Timestamp]

  /// Instants far from any month that counts.
  static let extremes = [
    Timestamp(seconds: Timestamp.validSeconds.lowerBound),
    Timestamp(seconds: Timestamp.validSeconds.upperBound, nanos: 999_999_999),
    Timestamp(seconds: 0), Timestamp(seconds: 946_684_799, nanos: 999_999_999),
  ]

  init(using generator: inout SplitMix64) {
    func some(_ ids: [String]) -> [String] {
      Array(ids.shuffled(using: &generator).prefix(Int.random(in: 1...ids.count, using: &generator)))
    }
    customers = some(["c1", "c2", "c3"])
    subscriptions = some(["s1", "s2", "s3"])
    users = some(["u1", "u2", "u3", "s1", "\u{1f642}"])
    lines = some(["l1", "l2", "l3"])
    instances = some(["i1", "i2"])
    persons = some(["p1", "p2", "c1"])
    // Two that Unicode takes for the same, and one with the bar of keys.
    partners = some(["p1", "p2", "p3", "\u{30d1}", "\u{e9}", "e\u{301}", "p|A|b"])
    mix =
      Topic.inputs.flatMap { topic in
        Array(repeating: topic, count: Int.random(in: 0...3, using: &generator))
      } + [.subscriptions, .subscriptions]
    length = generator.pick([5, 15, 40, 80])

    // Spans in which nothing expires, in which all does, in which the window moves by many months at once.
    let monthCount = generator.pick([2, 13, 26, 40, 60, 80, 150])
    let firstYear = generator.pick([2000, 2015, 2019, 2023])
    let firstMonth = firstYear * 12 + Int.random(in: 0...11, using: &generator)
    self.monthCount = monthCount
    keepsToEdges = generator.percent(30)
    self.firstMonth = firstMonth
    instants = (0..<Int.random(in: 2...12, using: &generator)).map { _ in
      let month = firstMonth + Int.random(in: 0..<monthCount, using: &generator)
      return RandomWorld.time(in: month, using: &generator)
    }
  }

  /// The first instant of the world.
  var start: Timestamp { ModelCalendar.firstInstant(of: firstMonth) }

  /// A time of an event.
  func time(using generator: inout SplitMix64) -> Timestamp {
    if generator.percent(35) { return generator.pick(instants) }
    if keepsToEdges || generator.percent(40) {
      // As many months before the last one as make a difference.
      let age = generator.pick(
        [0, 1, 11, 12, 13, 23, 24, 25, 34, 35, 35, 36, 37, 53, 54].filter { $0 < monthCount })
      return RandomWorld.time(in: firstMonth + monthCount - 1 - age, using: &generator)
    }
    // Rarely a jump far ahead.
    let span = generator.percent(1) ? monthCount + 100 : monthCount
    return RandomWorld.time(
      in: firstMonth + Int.random(in: 0..<span, using: &generator), using: &generator)
  }

  /// Often at an edge of the month, or on 29 February.
  private static func time(in month: ModelMonth, using generator: inout SplitMix64) -> Timestamp {
    let first = ModelCalendar.firstInstant(of: month)
    let seconds = Int64(ModelCalendar.daysInMonth(month)) * 86_400
    switch generator.pick([0, 1, 2, 3, 4]) {
    case 0: return first
    case 1: return Timestamp(seconds: first.seconds + seconds - 1, nanos: 999_999_999)
    case 2:
      let leapDay = ModelCalendar.firstInstant(of: month / 48 * 48 + 1).seconds + 28 * 86_400
      return Timestamp(seconds: leapDay + Int64.random(in: 0..<86_400, using: &generator))
    default:
      return Timestamp(
        seconds: first.seconds + Int64.random(in: 0..<seconds, using: &generator),
        nanos: Int32.random(in: 0..<1_000_000_000, using: &generator))
    }
  }
}
