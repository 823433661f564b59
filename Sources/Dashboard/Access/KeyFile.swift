import Glibc
import Platform
import Synchronization

/// Loads the keys in a file into a `KeyRing`, and again whenever the file changes. If it then is not a key set, the keys stay as
/// they are.
final class KeyFile: Sendable {
  /// Identifies a version of the file.
  private struct Version: Equatable {
    var device: UInt
    var inode: UInt
    var size: Int
    var seconds: Int
    var nanoseconds: Int

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt(status.st_dev)
      inode = UInt(status.st_ino)
      size = Int(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  private let path: String
  private let ring: KeyRing
  private let version: Mutex<Version?>
  private static let sizeLimit = 1 << 20

  /// Reads the file; throws if that fails. `now` is in seconds since 1970 UTC.
  init(_ path: String, _ ring: KeyRing, now: Int64) throws(KeySetError) {
    self.path = path
    self.ring = ring
    version = Mutex(Version(path))
    ring.take(try Self.read(path), from: path, now: now)
  }

  /// Reads the file if it has changed. Must be called by one thread, about every second.
  func refresh(now: Int64) {
    let new = Version(path)
    let isChanged = version.withLock { version in
      defer { version = new }
      return version != new
    }
    guard isChanged else { return }
    do throws(KeySetError) {
      ring.take(try Self.read(path), from: path, now: now)
    } catch {
      ring.fail("\(path) has changed but cannot be used; keeping the previous keys: \(error)")
    }
  }

  private static func read(_ path: String) throws(KeySetError) -> JSONWebKeySet {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try readFile(path, limit: sizeLimit)
    } catch {
      throw KeySetError(description: "\(path) cannot be read: \(error)")
    }
    do throws(KeySetError) {
      return try JSONWebKeySet(bytes)
    } catch {
      throw KeySetError(description: "\(path): \(error)")
    }
  }
}
