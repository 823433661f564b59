import Glibc

/// What a system call has failed with.
package struct SystemError: Error, CustomStringConvertible {
  package let code: Int32

  /// The thread's last error.
  package init() { code = errno }

  package init(code: Int32) { self.code = code }

  package var description: String { String(cString: strerror(code)) }
}

/// Something that was to be done and failed, completely or partly, in words for whoever asked for it.
package struct Failure: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
