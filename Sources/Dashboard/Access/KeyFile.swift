import Glibc
import Platform
import Synchronization

/// The keys in a file, read again when it changes. A change to something that cannot be read leaves the keys as they are.
final class KeyFile: Sendable {
  /// Tells one version of the file from another.
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

  private struct State {
    var keys: JSONWebKeySet
    var version: Version?
    var lookedAt: Int64
  }

  private let path: String
  private let state: Mutex<State>
  private let report: @Sendable (String) -> Void
  private static let sizeLimit = 1 << 20

  /// `report` is told, a line each, when the keys change or cannot be read.
  init(_ path: String, report: @escaping @Sendable (String) -> Void) throws(KeySetError) {
    self.path = path
    self.report = report
    let version = Version(path)
    state = Mutex(State(keys: try Self.read(path), version: version, lookedAt: .min))
  }

  /// The keys as the file has them; it is looked at once a second at most. `now` is in seconds.
  func keys(now: Int64) -> JSONWebKeySet {
    state.withLock { state in
      guard now != state.lookedAt else { return state.keys }
      state.lookedAt = now
      let version = Version(path)
      guard version != state.version else { return state.keys }
      state.version = version
      do throws(KeySetError) {
        state.keys = try Self.read(path)
        report("\(path) has changed: \(state.keys.keys.count) keys")
      } catch {
        report("\(path) has changed but cannot be used; keeping the previous keys: \(error)")
      }
      return state.keys
    }
  }

  private static func read(_ path: String) throws(KeySetError) -> JSONWebKeySet {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try readFile(path, limit: sizeLimit)
    } catch {
      throw KeySetError(description: "\(path) cannot be read: \(error)")
    }
    let outcome: Result<JSONWebKeySet, KeySetError> = bytes.withUnsafeBytes { all in
      do throws(KeySetError) {
        return .success(try JSONWebKeySet(json: all))
      } catch {
        return .failure(KeySetError(description: "\(path): \(error)"))
      }
    }
    return try outcome.get()
  }
}
