#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What tells that a file, and what SQLite keeps beside it, are as they were, and whether anybody may have them open.
package struct FileState: Equatable, Sendable {
  package enum Use: Sendable {
    /// All is in the file: who had it open last has closed it, or has written nothing since.
    case closed
    /// The newest records are in its WAL, and nobody has it open: it was copied with its WAL, say.
    case abandoned
    /// Somebody has it open, or had it when they were killed.
    case open
  }

  fileprivate struct Version: Equatable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    /// Nanoseconds: of the content, and of all there is to know about the file, which nobody sets back.
    var modified: Int64
    var changed: Int64
  }

  package let use: Use
  private let file: Version
  /// Nil for none, and for an empty one, in which nothing could be missed.
  private let wal: Version?

  /// Nil if there is no such file. Symbolic links are followed, as SQLite does.
  package init?(path: String) {
    guard let full = realpath(path, nil) else { return nil }
    defer { free(full) }
    let path = String(cString: full)
    guard let file = Version(path) else { return nil }
    self.file = file
    var wal = Version("\(path)-wal").flatMap { $0.size > 0 ? $0 : nil }
    // SQLite gives it to the file's owner each time that root opens it.
    wal?.changed = 0
    let isOpen = wal != nil && Version("\(path)-shm") != nil || Version("\(path)-journal") != nil
    // What somebody has open changes all the time.
    (use, self.wal) = isOpen ? (.open, nil) : wal == nil ? (.closed, nil) : (.abandoned, wal)
  }
}

extension FileState.Version {
  fileprivate init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Glibc)
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #else
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #endif
    self.init(
      device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino),
      size: Int64(status.st_size), modified: Self.nanoseconds(modified), changed: Self.nanoseconds(changed))
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
