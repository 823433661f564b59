import Glibc

/// All bytes of a file. Throws EFBIG for one with more than `limit`.
package func readFile(_ path: String, limit: Int = .max) throws(SystemError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw SystemError() }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  while true {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: 64 << 10))
    let count = bytes.withUnsafeMutableBytes {
      let free = UnsafeMutableRawBufferPointer(rebasing: $0[start...])
      return read(descriptor, free.baseAddress, free.count)
    }
    bytes.removeLast(bytes.count - start - max(0, count))
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw SystemError() }
    guard bytes.count <= limit else { throw SystemError(code: EFBIG) }
    if count == 0 { return bytes }
  }
}

/// Whether there is anything at `path`.
package func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// Removes those of these files that exist.
package func removeFiles(_ paths: [String]) throws(Failure) {
  for path in paths where fileExists(path) {
    guard unlink(path) == 0 else { throw Failure("\(path): \(SystemError())") }
  }
}

/// Makes a directory and those above it, unless they are there.
package func makeDirectory(_ path: String) throws(SystemError) {
  if mkdir(path, 0o777) == 0 { return }
  let error = SystemError()
  if error.code == EEXIST, isDirectory(path) { return }
  guard error.code == ENOENT, let end = path.lastIndex(of: "/"), end > path.startIndex else { throw error }
  try makeDirectory(String(path[..<end]))
  guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw SystemError() }
}

private func isDirectory(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The names in a directory.
package func filesInDirectory(_ path: String) throws(SystemError) -> [String] {
  guard let directory = opendir(path) else { throw SystemError() }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
