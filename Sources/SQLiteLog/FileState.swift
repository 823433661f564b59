#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The state of a file and of the files that SQLite keeps beside it. Equal states mean that nothing was changed in between. Also
/// says whether another process may have the file open.
package struct FileState: Equatable, Sendable {
  package enum Use: Sendable {
    /// Everything is in the file itself: the last process that had it open has closed it, or wrote nothing.
    case closed
    /// The newest records are in its WAL, and no process has it open: for example, it was copied with its WAL.
    case abandoned
    /// A process has it open, or was killed while it had.
    case open
  }

  fileprivate struct Version: Equatable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    /// Nanoseconds since 1970 UTC: the last change of the contents (mtime), and of contents or metadata (ctime), which programs
    /// cannot set.
    var modified: Int64
    var changed: Int64
  }

  package let use: Use
  private let file: Version
  /// Nil if there is no WAL, or an empty one.
  private let wal: Version?

  /// Nil if there is no such file. Symbolic links are followed, as SQLite does.
  package init?(path: String) {
    guard let full = realpath(path, nil) else { return nil }
    defer { free(full) }
    let path = String(cString: full)
    guard let file = Version(path) else { return nil }
    self.file = file
    var wal = Version("\(path)-wal").flatMap { $0.size > 0 ? $0 : nil }
    // When root opens the file, SQLite sets the owner of the WAL, which changes its ctime.
    wal?.changed = 0
    let isOpen = wal != nil && Version("\(path)-shm") != nil || Version("\(path)-journal") != nil
    // A file that is open changes all the time.
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
