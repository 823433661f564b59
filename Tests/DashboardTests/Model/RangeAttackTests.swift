import Contract
import Dashboard
import Indicators
import Randomness
import SnapshotView
import Testing

/// Attacks the ranges of a made-up market: a viewer fetches all reports that it may, and tries to tell values of others.
@Suite struct RangeAttackTests {
  /// A small market, in which many cells hold few partners.
  private struct RandomMarket {
    var view = SnapshotView()
    let partners = (0..<24).map { "p\($0)" }
    static let products = ["sales", "finance", "service"]
    static let countries = ["FR", "US", "JP"]

    var cells: [Cell] {
      let products = [""] + Self.products
      return products.flatMap { product in ([""] + Self.countries).map { Cell(product: product, country: $0) }
      }
    }

    init(seed: UInt64) {
      var random = SplitMix64(seed: seed)
      let ranking = RankingState()
      for partner in partners { ranking.apply(Self.enrolment(of: partner)) }
      for partner in partners {
        var sums: [Cell: ComponentValues] = [:]
        for product in Self.products {
          for country in Self.countries where random.below(3) == 0 {
            var values = ComponentValues()
            // Spread over orders of magnitude, to the cent.
            let most = [1_000, 100_000, 10_000_000][random.below(3)]
            values[.billedMicros] = Int64(1 + random.below(most)) * 10_000
            values[.customersAdded] = Int64(random.below(30))
            values[.seatsAdded] = Int64(random.below(5_000))
            values[.activeUsers12Months] = Int64(random.below(9_000))
            values[.assignedSeats] = Int64(1 + random.below(3_000))
            for cell in [
              Cell(), Cell(product: product), Cell(country: country),
              Cell(product: product, country: country),
            ] { sums[cell, default: ComponentValues()] &+= values }
          }
        }
        for (cell, values) in sums { ranking.apply(Self.partial(of: partner, cell, values)) }
      }
      ranking.drain { update in
        switch update {
        case .snapshot(let snapshot): view.apply(.snapshot(snapshot))
        case .scale(let scale): view.apply(.scale(scale))
        case .snapshotRemoved, .scaleRemoved: Issue.record("removed: \(update)")
        }
      }
    }

    private static let month = Month("2026-11")?.index ?? 0

    private static func enrolment(of partner: String) -> PartnerPartial {
      var partial = PartnerPartial()
      partial.partnerID = partner
      partial.eligible = [MonthRange(from: month, until: nil)]
      return partial
    }

    private static func partial(of partner: String, _ cell: Cell, _ values: ComponentValues) -> PartnerPartial
    {
      var partial = PartnerPartial()
      (partial.partnerID, partial.cell) = (partner, cell)
      partial.newestEventTime = Timestamp(seconds: 1_795_500_000)
      partial.rows = [MonthRow(month: month, values: values)]
      return partial
    }

    func value(_ kind: IndicatorKind, of partner: String, in cell: Cell) -> Double? {
      let key = SnapshotKey(partnerID: partner, cell: cell, month: "2026-11")
      return view.snapshot(of: key)?[kind]?.value
    }
  }

  /// What the viewer learns of one indicator: the ends that it sees, by cell, and its own value.
  private struct Findings {
    var ends: [Cell: [(least: Double, greatest: Double)]] = [:]
    var own: [Cell: Double] = [:]
  }

  private func fetch(_ kind: IndicatorKind, _ market: RandomMarket, _ viewer: String) -> Findings {
    var findings = Findings()
    let rule = RangeRule().seen(by: Viewer(.partner(id: ExactText(viewer))))
    for cell in market.cells {
      let report = PartnerReport(
        market.view, ReportQuery(partnerID: viewer, cell: cell, month: "2026-11"), rule)
      guard let indicator = report[kind] else { continue }
      findings.own[cell] = indicator.value
      findings.ends[cell] = indicator.segments.compactMap {
        if case .shown(let least, let greatest) = $0.range { (least, greatest) } else { nil }
      }
    }
    return findings
  }

  /// Every number that follows from two ends, or from an end and an own value, by subtraction: the value of one partner of record
  /// in a part of a cell, if it is known in the whole and in the rest.
  private func candidates(_ findings: Findings) -> Set<Double> {
    var found: Set<Double> = []
    for (cell, ends) in findings.ends {
      let own = findings.own[cell] ?? 0
      for end in ends.flatMap({ [$0.least, $0.greatest] }) {
        found.insert(end)
        for (other, others) in findings.ends where other != cell {
          for minus in others.flatMap({ [$0.least, $0.greatest] }) + [own, findings.own[other] ?? 0] {
            found.insert(((end - minus) * 100).rounded() / 100)
          }
        }
      }
    }
    return found
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func noValueFollowsFromWhatIsSeen(seed: UInt64) {
    let market = RandomMarket(seed: seed)
    var (shown, values) = (0, 0)
    for viewer in market.partners.prefix(6) {
      let findings = fetch(.netNewRevenue, market, viewer)
      let known = candidates(findings)
      shown += findings.ends.values.reduce(0) { $0 + $1.count }
      for partner in market.partners where partner != viewer {
        for cell in market.cells {
          guard let value = market.value(.netNewRevenue, of: partner, in: cell) else { continue }
          // Of smaller ones some are hit by chance: there are thousands of candidates.
          guard value >= 1_000, value != value.rounded() else { continue }
          values += 1
          #expect(!known.contains(value), "\(viewer) knows that \(partner) has \(value) in \(cell.key)")
        }
      }
    }
    #expect(shown > 0 && values > 0)
  }

  /// The same attack finds values where ranges are shown as they are: so it is one.
  @Test func theAttackFindsValuesInExactRanges() {
    let market = RandomMarket(seed: 1)
    var findings = Findings()
    for cell in market.cells {
      let query = ReportQuery(partnerID: "p0", cell: cell, month: "2026-11")
      let report = PartnerReport(market.view, query, RangeRule(minimumPartners: 1))
      findings.own[cell] = report[.netNewRevenue]?.value
      findings.ends[cell] = report[.netNewRevenue]?.segments.compactMap {
        if case .shown(let least, let greatest) = $0.range { (least, greatest) } else { nil }
      }
    }
    let known = candidates(findings)
    let others = market.partners.dropFirst().flatMap { partner in
      market.cells.compactMap { market.value(.netNewRevenue, of: partner, in: $0) }
    }
    #expect(others.contains(where: known.contains))
  }

  @Test(arguments: IndicatorKind.allCases) func whatIsShownKeepsTheRule(kind: IndicatorKind) {
    let market = RandomMarket(seed: 3)
    for viewer in market.partners {
      for cell in market.cells {
        let query = ReportQuery(partnerID: viewer, cell: cell, month: "2026-11")
        let report = PartnerReport(market.view, query, RangeRule())
        #expect(report.hasSnapshot == (market.value(.netNewRevenue, of: viewer, in: cell) != nil))
        let segments = report[kind]?.segments.filter { $0.partners > 0 } ?? []
        let isShown = segments.map { if case .shown = $0.range { true } else { false } }
        #expect(Set(isShown).count <= 1, "ranges of one indicator are shown all or none")
        for segment in segments {
          guard case .shown(let least, let greatest) = segment.range else { continue }
          #expect(segment.partners - (segment.isOwn ? 1 : 0) >= 3)
          #expect(least.roundedToTwoDigits(.down) == least && greatest.roundedToTwoDigits(.up) == greatest)
          #expect(least < greatest || segment.partners >= 10)
          for partner in market.partners {
            let snapshot = market.view.snapshot(
              of: SnapshotKey(partnerID: partner, cell: cell, month: "2026-11"))?[kind]
            guard let snapshot, snapshot.bar == Int32(segment.number), let value = snapshot.value else {
              continue
            }
            #expect((least...greatest).contains(value))
          }
        }
      }
    }
  }
}
