import Contract
import EventLog
import Glibc
import Platform
import SQLiteLog
import SnapshotView

/// A SQLite file with a result, for analysis. It is written beside its place and takes it when it is whole.
package struct ExportFile {
  package let path: String
  /// Whether it may take the place of another file.
  package let replaces: Bool

  package init(path: String, replaces: Bool) {
    self.path = path
    self.replaces = replaces
  }

  /// Throws if there is a file already that it may not replace.
  package func check() throws(Failure) {
    guard replaces || !fileExists(path) else { throw Failure("\(path) already exists") }
  }

  /// Writes `result`. Throws, and leaves everything as it was, if that fails.
  package func write(_ result: ExportedResult) throws {
    try check()
    let temporary = "\(path).\(getpid()).tmp"
    unlink(temporary)
    defer { unlink(temporary) }
    try ResultTables(temporary).fill(result)
    try sync(temporary)
    // A link, unlike a rename, does not take the place of a file that has come meanwhile.
    let outcome = replaces ? rename(temporary, path) : link(temporary, path)
    guard outcome == 0 else {
      let error = SystemError()
      throw Failure(error.code == EEXIST ? "\(path) already exists" : "\(path): \(error)")
    }
  }

  private func sync(_ file: String) throws(Failure) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("\(file): \(SystemError())") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Failure("\(file): \(SystemError())") }
  }
}

/// What an export holds.
package struct ExportedResult {
  package var view: SnapshotView
  package var partners: [NamedPartner]
  package var generation: UInt32
  /// What it was computed under; nil if that is not recorded.
  package var definition: ResultDefinition?

  package init(
    view: SnapshotView, partners: [NamedPartner], generation: UInt32, definition: ResultDefinition?
  ) {
    self.view = view
    self.partners = partners
    self.generation = generation
    self.definition = definition
  }
}
