import Contract
import Indicators
import Randomness
import ReferenceModel

/// One run of the pipeline: what it is given, and when it publishes.
struct Scenario {
  enum Step {
    case take([LoggedEvent])
    /// Partials or updates of one state only.
    case drainSource(Int)
    /// The latter with so much of a month's turn.
    case drainRanking(Int, turnUpdates: Int)
    case restartSource(Int)
    case restartRanking(Int)
    /// Publish all, and compare with the reference model.
    case check
  }

  var sources: Int
  var rankings: Int
  var steps: [Step]

  /// The events of `RandomEvents` of that seed, checked after every one of a short log.
  init(seed: UInt64) {
    var events = RandomEvents(seed: seed)
    let log = events.set()
    var generator = events.generator
    sources = generator.pick([1, 1, 2, 3, 8])
    rankings = generator.pick([1, 1, 2, 3, 8])
    let checks = log.count <= 12 ? 100 : 8
    steps = []
    for var logged in log {
      if generator.percent(10) { logged.form = generator.pick([.framed, .json]) }
      if case .take(let run)? = steps.last, generator.percent(30) {
        steps[steps.count - 1] = .take(run + [logged])
      } else {
        steps.append(.take([logged]))
      }
      if generator.percent(checks) { steps.append(.check) }
      if generator.percent(20) { steps.append(.drainSource(generator.pick([0, 1, 2]))) }
      if generator.percent(20) {
        steps.append(
          .drainRanking(generator.pick([0, 1, 2]), turnUpdates: generator.pick([0, 1, 5, .max])))
      }
      if generator.percent(2) { steps.append(.restartSource(generator.pick([0, 1, 2]))) }
      if generator.percent(2) { steps.append(.restartRanking(generator.pick([0, 1, 2]))) }
    }
    steps.append(.check)
  }

  /// Runs it; returns what was wrong at the first step after which something was, or nil.
  func failure() throws -> String? {
    let pipeline = Pipeline(catalog: try Catalog(json: testCatalog), sources: sources, rankings: rankings)
    let model = ReferenceModel(catalog: try ModelCatalog(json: testCatalog))
    var log: [LoggedEvent] = []
    for (index, step) in steps.enumerated() {
      var problems: [String] = []
      switch step {
      case .take(let run):
        log += run
        let refusals = pipeline.take(run).mapValues(ModelRefusal.init)
        for (index, logged) in run.enumerated() {
          let reasons = logged.refusals(currency: model.catalog.reportingCurrency)
          if refusals[index].map({ !reasons.contains($0) }) ?? !reasons.isEmpty {
            let refusal = refusals[index].map { "\($0)" } ?? "nothing"
            problems.append("\(logged.event.line): refused as \(refusal), to be refused as \(reasons)")
          }
        }
      case .drainSource(let number): pipeline.drainSource(number)
      case .drainRanking(let number, let updates): pipeline.drainRanking(number, turnUpdates: updates)
      case .restartSource(let number): pipeline.restartSource(number)
      case .restartRanking(let number): pipeline.restartRanking(number)
      case .check:
        pipeline.drain()
        problems += pipeline.published.differences(from: model.publication(of: log))
      }
      problems += pipeline.complaints
      if !problems.isEmpty { return "after step \(index): \(problems.joined(separator: "; "))" }
    }
    return nil
  }

  /// A part of it that fails as well, from which no step can be left out.
  func shrunk() throws -> Scenario {
    var smallest = self
    var length = max(1, steps.count / 2)
    while true {
      var start = 0
      var shrank = false
      while start < smallest.steps.count {
        var smaller = smallest
        smaller.steps.removeSubrange(start..<min(start + length, smallest.steps.count))
        if try smaller.failure() != nil {
          smallest = smaller
          shrank = true
        } else {
          start += length
        }
      }
      if length > 1 { length /= 2 } else if !shrank { break }
    }
    for simpler in [(1, 1), (1, smallest.rankings), (smallest.sources, 1)] {
      var candidate = smallest
      (candidate.sources, candidate.rankings) = simpler
      if try candidate.failure() != nil { return candidate }
    }
    return smallest
  }
}

extension Scenario: CustomStringConvertible {
  var description: String {
    "\(sources) sources, \(rankings) rankings:\n" + steps.map { "  \($0)" }.joined(separator: "\n")
  }
}

extension Scenario.Step: CustomStringConvertible {
  var description: String {
    switch self {
    case .take(let run):
      run.map { "\($0.event.line) as \($0.form)" + ($0.timestamp.map { " at \($0)" } ?? "") }
        .joined(separator: "\n  in one run with ")
    case .drainSource(let number): "drain source \(number)"
    case .drainRanking(let number, let updates): "drain ranking \(number), of a turn \(updates)"
    case .restartSource(let number): "restart source \(number)"
    case .restartRanking(let number): "restart ranking \(number)"
    case .check: "check"
    }
  }
}

extension ModelRefusal {
  init(_ refusal: Refusal) {
    switch refusal {
    // It takes a registry, of which the state knows nothing.
    case .notDecodable, .unknownSchema: self = .notDecodable
    case .wrongPartition: self = .wrongPartition
    case .missingID: self = .missingID
    case .textTooLong: self = .textTooLong
    case .missingInstant: self = .missingInstant
    case .unspecifiedEnum: self = .unspecifiedEnum
    case .foreignCurrency: self = .foreignCurrency
    case .missingContractStart: self = .missingContractStart
    case .amountOutOfRange: self = .amountOutOfRange
    case .negativeSeats: self = .negativeSeats
    case .seatsOutOfRange: self = .seatsOutOfRange
    case .badCountry: self = .badCountry
    case .before2000: self = .before2000
    case .inTheFuture: self = .inTheFuture
    }
  }
}
