import Glibc

/// What a system call has failed with.
package struct SystemError: Error, CustomStringConvertible {
  package let code: Int32

  /// The thread's last error.
  package init() { code = errno }

  package init(code: Int32) { self.code = code }

  package var description: String { String(cString: strerror(code)) }
}
