import Contract

/// Why a line is no event: what is wrong, at which byte of the line (from 0), and in which field.
package struct LineFault: Error, CustomStringConvertible {
  package let description: String

  /// About the line as a whole.
  init(_ what: String) { description = what }

  init(_ what: String, at offset: Int, of line: UnsafeRawBufferPointer) {
    let path = JSONReader.path(to: offset, in: line)
    description = "\(what) at byte \(offset)" + (path.isEmpty ? "" : ", in \(path)")
  }

  /// `offset` is where in the line the text starts that the error is about.
  init(_ error: DecodingError, at offset: Int = 0, of line: UnsafeRawBufferPointer) {
    self.init(error.reason.rawValue, at: offset + error.offset, of: line)
  }
}
