import Glibc

/// A file in memory, for what wants a path.
final class MemoryFile {
  let descriptor: Int32

  init() {
    // Under no name: it is gone when the process is.
    var name = Array("/dev/shm/partner-pulse-fuzz-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    expect(descriptor >= 0, "no file in memory")
    unlink(name)
  }

  deinit { close(descriptor) }

  var path: String { "/proc/self/fd/\(descriptor)" }

  func write(_ bytes: some Collection<UInt8>) {
    ftruncate(descriptor, 0)
    let bytes = Array(bytes)
    expect(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, "a file in memory is full")
  }
}
