import Contract
import Indicators
import ReferenceModel

/// The engine as the program runs it, in one process: entity states by customer and person, ranking states by
/// cell, and a subscriber that keeps what they publish.
///
/// Whatever passes between them passes as bytes.
final class Pipeline {
  let catalog: Catalog
  private var sources: [EntityState]
  /// The current month that each source last told.
  private var writtenMonths: [Month]
  private var rankings: [RankingState]
  /// Partials on their way to each ranking state.
  private var queues: [[[UInt8]]]

  /// What a subscriber holds.
  private(set) var published = Publication()
  /// Whether what a turn told before is told again.
  private var repeatsTurn = false
  /// What was wrong along the way.
  private(set) var complaints: [String] = []

  init(catalog: Catalog, sources: Int = 1, rankings: Int = 1) {
    self.catalog = catalog
    self.sources = (0..<sources).map {
      EntityState(catalog: catalog, placement: Placement(Int32($0), of: Int32(sources)))
    }
    writtenMonths = Array(repeating: .distantPast, count: sources)
    self.rankings = (0..<rankings).map { _ in RankingState() }
    queues = Array(repeating: [], count: rankings)
  }

  /// Hands records to the source partitions of their keys, in runs of one topic; returns which were refused and why.
  @discardableResult
  func take(_ log: [LoggedEvent]) -> [Int: Refusal] {
    var refusals: [Int: Refusal] = [:]
    for (number, source) in sources.enumerated() {
      let mine = log.indices.filter {
        partition(ofKey: log[$0].event.key, count: Int32(sources.count)) == number
      }
      var rest = mine[...]
      while let first = rest.first {
        let run = rest.prefix { log[$0].event.topic == log[first].event.topic }
        rest.removeFirst(run.count)
        withRecords(run.map { log[$0] }) { records in
          source.apply(records) { refusals[run[run.startIndex + $0]] = $1 }
        }
      }
    }
    return refusals
  }

  /// Sends what a source changed since it was last asked.
  func drainSource(_ number: Int) {
    let source = sources[number % sources.count]
    let number = UInt32(number % sources.count)
    source.drainContributions(source: number) { partial in
      guard let cell = partial.cell else {
        return complaints.append("a contribution without a cell: \(partial)")
      }
      send(partial, to: Int(partition(ofKey: cell.key, count: Int32(rankings.count))))
    }
    source.drainEnrolments(source: number) { sendToAll($0) }
    if source.clock.currentMonth != writtenMonths[Int(number)] {
      writtenMonths[Int(number)] = source.clock.currentMonth
      var clock = PartnerPartial()
      clock.source = number
      clock.newestEventTime = source.clock.newest
      sendToAll(clock)
    }
  }

  private func send(_ partial: PartnerPartial, to ranking: Int) { queues[ranking].append(partial.protobuf) }

  private func sendToAll(_ partial: PartnerPartial) {
    for ranking in queues.indices { send(partial, to: ranking) }
  }

  /// Takes in the partials that have arrived at a ranking state, and publishes what it changed; of a month's turn so much.
  func drainRanking(_ number: Int, turnUpdates: Int = .max) {
    let number = number % rankings.count
    let ranking = rankings[number]
    for bytes in queues[number] {
      do {
        ranking.apply(try bytes.withUnsafeBytes { try PartnerPartial(protobuf: $0) })
      } catch {
        complaints.append("not a partial: \(error)")
      }
    }
    queues[number] = []
    var left = turnUpdates
    ranking.drain(turnsApart: turnUpdates < .max) { phase in
      if phase == .turn { left -= 1 }
      return left >= 0
    } body: {
      publish($0)
    }
  }

  private func publish(_ update: RankingUpdate) {
    switch update {
    case .snapshot(var snapshot):
      if snapshot.asOf == nil { complaints.append("no as_of in \(snapshot.key)") }
      snapshot.asOf = nil
      if !published.replace(snapshot), !repeatsTurn {
        complaints.append("nothing new in snapshot \(snapshot.key)")
      }
    case .snapshotRemoved(let partnerID, let cell, let month):
      var snapshot = IndicatorSnapshot()
      snapshot.partnerID = partnerID
      snapshot.cell = cell
      snapshot.month = month.description
      if !published.removeSnapshot(snapshot.key), !repeatsTurn {
        complaints.append("no snapshot to remove: \(snapshot.key)")
      }
    case .scale(let scale):
      if !published.replace(scale), !repeatsTurn { complaints.append("nothing new in scale \(scale.key)") }
    case .scaleRemoved(let cell, let month):
      var scale = IndicatorScale()
      scale.cell = cell
      scale.month = month.description
      if !published.removeScale(scale.key), !repeatsTurn {
        complaints.append("no scale to remove: \(scale.key)")
      }
    }
  }

  /// Publishes all that has been taken in.
  func drain() {
    for source in sources.indices {
      drainSource(source)
      checkInvariants(of: source)
    }
    for ranking in rankings.indices { drainRanking(ranking) }
    repeatsTurn = false
  }

  private func checkInvariants(of source: Int) {
    do {
      try sources[source].checkInvariants()
    } catch {
      complaints.append("source \(source) is broken: \(error)")
    }
  }

  /// Replaces a source by one that reads its checkpoint.
  func restartSource(_ number: Int) {
    drainSource(number)
    let number = number % sources.count
    do {
      sources[number] = try EntityState(
        catalog: catalog, placement: Placement(Int32(number), of: Int32(sources.count)),
        chunks: sources[number].chunks().all(bytes: 500))
    } catch {
      complaints.append("source \(number) does not read its checkpoint: \(error)")
    }
  }

  /// Replaces a ranking state by one that reads its checkpoint, in the middle of a turn if there is one.
  func restartRanking(_ number: Int) {
    drainRanking(number, turnUpdates: 3)
    let number = number % rankings.count
    let turningFrom = rankings[number].turningFrom
    do {
      rankings[number] = try RankingState(chunks: rankings[number].chunks().all(bytes: 500))
      if let turningFrom {
        rankings[number].resumeTurn(from: turningFrom)
        repeatsTurn = true
      }
    } catch {
      complaints.append("ranking \(number) does not read its checkpoint: \(error)")
    }
  }
}
