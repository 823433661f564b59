// Prints what happens to a result, a line for each change:
//
//     follow-snapshots FILE.db
//     follow-snapshots HOST:PORT [TOPIC-PREFIX]

import Glibc
import PartnerPulseClient

let arguments = CommandLine.arguments.dropFirst()
guard let place = arguments.first else {
  say("usage: follow-snapshots FILE.db | HOST:PORT [TOPIC-PREFIX]", to: STDERR_FILENO)
  exit(2)
}
let source =
  place.contains(":")
  ? ResultSource.kafka(place, topicPrefix: arguments.dropFirst().first ?? "")
  : .sqlite(place)

var view = ResultView()
do {
  for try await change in ResultChanges(of: source) {
    view.apply(change)
    switch change {
    case .began(let generation): say("generation\t\(generation)")
    case .complete: say("complete\t\(view.count)")
    case .snapshot(let snapshot):
      let values = IndicatorName.allCases.map { snapshot[$0]?.value?.description ?? "-" }
      say("snapshot\t\(text(snapshot.key))\t\(values.joined(separator: "\t"))")
    case .removedSnapshot(let name): say("removed\t\(text(name))")
    case .ranges, .removedRanges: break
    case .unreadable(let records): say("\(records) records cannot be read", to: STDERR_FILENO)
    case .interrupted(let reason): say("\(reason); trying again", to: STDERR_FILENO)
    }
  }
} catch {
  say("\(error)", to: STDERR_FILENO)
  exit(1)
}

func text(_ name: SnapshotName) -> String {
  "\(name.partner)|\(name.cell.product)|\(name.cell.workload)|\(name.cell.country)|\(name.month)"
}

/// Writes a line at once.
func say(_ line: String, to descriptor: Int32 = STDOUT_FILENO) {
  let bytes = Array("\(line)\n".utf8)
  _ = write(descriptor, bytes, bytes.count)
}
