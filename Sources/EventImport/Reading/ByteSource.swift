import Compression
import Glibc
import Platform

/// Reads the bytes of a file descriptor, decompressing gzip. Owned by one thread.
final class ByteSource {
  enum Arrival {
    /// The number of bytes read.
    case bytes(Int)
    case end
    /// Nothing came within the timeout.
    case pending
  }

  private enum Form {
    /// Not enough bytes were read to tell.
    case unknown
    case plain
    case gzip(GzipReader)
  }

  private let descriptor: Int32
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  /// The range of `buffer` that is not consumed yet.
  private var unread = 0..<0
  private var isAtEnd = false
  private var form = Form.unknown
  /// Bytes read from the descriptor so far.
  private(set) var position: Int64 = 0

  private static let gzipMagic: [UInt8] = [0x1f, 0x8b]

  /// `descriptor` stays the caller's.
  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { buffer.deallocate() }

  /// Reads as much as fits into `target`, which must not be empty. Waits up to `timeout` milliseconds, or without limit if that
  /// is negative.
  func read(into target: UnsafeMutableRawBufferPointer, timeout: Int32) throws(ReadFault) -> Arrival {
    if case .unknown = form {
      while unread.count < Self.gzipMagic.count, !isAtEnd {
        guard try fill(timeout) else { return .pending }
      }
      if buffer[unread].starts(with: Self.gzipMagic) {
        do throws(GzipReader.Fault) {
          form = .gzip(try GzipReader())
        } catch {
          throw .gzip(error, at: position)
        }
      } else {
        form = .plain
      }
    }
    if case .gzip(let reader) = form { return try decompress(with: reader, into: target, timeout) }
    if unread.isEmpty, !isAtEnd {
      guard try fill(timeout) else { return .pending }
    }
    let count = min(unread.count, target.count)
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[unread.prefix(count)]))
    unread.removeFirst(count)
    return count > 0 ? .bytes(count) : .end
  }

  private func decompress(
    with reader: GzipReader, into target: UnsafeMutableRawBufferPointer, _ timeout: Int32
  ) throws(ReadFault) -> Arrival {
    while true {
      let moved: (taken: Int, made: Int)
      do throws(GzipReader.Fault) {
        moved = try reader.read(UnsafeRawBufferPointer(rebasing: buffer[unread]), into: target)
      } catch {
        throw .gzip(error, at: position - Int64(unread.count))
      }
      unread.removeFirst(moved.taken)
      if moved.made > 0 { return .bytes(moved.made) }
      guard moved.taken == 0, unread.isEmpty else { continue }
      if isAtEnd {
        guard reader.isWhole else { throw .truncatedGzip }
        return .end
      }
      guard try fill(timeout) else { return .pending }
    }
  }

  /// Reads more bytes behind the unread ones, which move to the front. Returns false if nothing came within the timeout.
  private func fill(_ timeout: Int32) throws(ReadFault) -> Bool {
    if unread.lowerBound > 0 {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[unread]))
      unread = 0..<unread.count
    }
    // Waits here instead of in `read`, which has no timeout. `read` then reports errors.
    var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&input, 1, timeout)
    if ready == 0 || ready < 0 && errno == EINTR { return false }
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[unread.upperBound...])
    let count = Glibc.read(descriptor, room.baseAddress, room.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return false }
    guard count >= 0 else { throw .system(SystemError()) }
    isAtEnd = count == 0
    position += Int64(count)
    unread = unread.lowerBound..<unread.upperBound + count
    return true
  }
}

/// Why reading a file cannot continue.
package enum ReadFault: Error, CustomStringConvertible {
  case system(SystemError)
  /// The damage is at or after this byte of the file.
  case gzip(GzipReader.Fault, at: Int64)
  case truncatedGzip

  package var description: String {
    switch self {
    case .system(let error): "\(error)"
    case .gzip(.damaged, let offset): "the gzip data is damaged, at or after byte \(offset)"
    case .gzip(.outOfMemory, _): "there is not enough memory to decompress it"
    case .truncatedGzip: "the gzip data ends early: the file is not whole"
    }
  }
}
