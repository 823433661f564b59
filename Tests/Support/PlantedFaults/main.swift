import Glibc

/// Commits the fault that the argument names, so that scripts/sanitize sees whether its sanitizer reports it.
guard let fault = CommandLine.arguments.dropFirst().first.flatMap(PlantedFault.init) else {
  print("usage: planted-faults \(PlantedFault.allCases.map(\.rawValue).joined(separator: "|"))")
  exit(2)
}
try fault.commit()
