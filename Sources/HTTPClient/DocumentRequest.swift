import CCurl

/// A document could not be fetched.
package struct FetchError: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}

/// Fetches one document. Follows redirects of https to https alone.
package struct DocumentRequest: Sendable {
  package var address: WebAddress
  /// A file of certificates to trust in place of the system's (PEM); nil for the system's.
  package var authorities: String?
  /// Seconds until it must be connected, and until it must be there.
  package var connectSeconds = 5
  package var totalSeconds = 15
  /// Bytes that it may have.
  package var sizeLimit = 1 << 20

  private static let redirects = 3

  package init(_ address: WebAddress, authorities: String? = nil) {
    (self.address, self.authorities) = (address, authorities)
  }

  /// The document of a response 200. Blocks, until `isCancelled` at the latest.
  package func fetch(isCancelled: () -> Bool = { false }) throws(FetchError) -> [UInt8] {
    guard Self.isReady, let handle = curl_easy_init() else {
      throw FetchError(description: "libcurl cannot be used")
    }
    defer { curl_easy_cleanup(handle) }
    return try withoutActuallyEscaping(isCancelled) { (isCancelled) throws(FetchError) in
      let transfer = Transfer(sizeLimit: sizeLimit, isCancelled: isCancelled)
      try configure(handle, transfer)
      var details = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
      let code = details.withUnsafeMutableBufferPointer { details in
        ccurl_set_text(handle, CURLOPT_ERRORBUFFER, details.baseAddress)
        defer { ccurl_set_text(handle, CURLOPT_ERRORBUFFER, nil) }
        return curl_easy_perform(handle)
      }
      guard !transfer.isTooLong else {
        throw FetchError(description: "\(address) has more than \(sizeLimit) bytes")
      }
      guard code == CURLE_OK else {
        let end = details.firstIndex(of: 0) ?? 0
        let detail = String(decoding: details[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw FetchError(
          description: "\(address): \(detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail)")
      }
      var status = 0
      ccurl_status(handle, &status)
      guard status == 200 else { throw FetchError(description: "\(address) answered with status \(status)") }
      return transfer.bytes
    }
  }

  /// Whether the library is set up, which happens once.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private func configure(_ handle: UnsafeMutableRawPointer, _ transfer: Transfer) throws(FetchError) {
    var texts: [(CURLoption, String)] = [
      (CURLOPT_URL, address.text), (CURLOPT_PROTOCOLS_STR, address.isSecure ? "https" : "http"),
      (CURLOPT_REDIR_PROTOCOLS_STR, "https"), (CURLOPT_USERAGENT, "partner-pulse"),
    ]
    if let authorities { texts.append((CURLOPT_CAINFO, authorities)) }
    // Else what is meant for this machine would go through a proxy that the environment names.
    if !address.isSecure { texts.append((CURLOPT_NOPROXY, "*")) }
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_FOLLOWLOCATION, address.isSecure ? 1 : 0), (CURLOPT_MAXREDIRS, Self.redirects),
      (CURLOPT_CONNECTTIMEOUT, connectSeconds), (CURLOPT_TIMEOUT, totalSeconds), (CURLOPT_NOSIGNAL, 1),
      (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), (CURLOPT_FAILONERROR, 0),
    ]
    for (option, text) in texts { try Self.check(ccurl_set_text(handle, option, text)) }
    for (option, number) in numbers { try Self.check(ccurl_set_number(handle, option, number)) }
    try Self.check(
      ccurl_set_callbacks(
        handle,
        { bytes, size, count, context in
          guard let bytes, let context else { return 0 }
          return Transfer.of(context).take(UnsafeRawBufferPointer(start: bytes, count: size * count))
        },
        { context, _, _, _, _ in context.map { Transfer.of($0).isCancelled() ? 1 : 0 } ?? 1 },
        Unmanaged.passUnretained(transfer).toOpaque()))
  }

  private static func check(_ code: CURLcode) throws(FetchError) {
    guard code == CURLE_OK else {
      throw FetchError(description: "libcurl refuses an option: \(String(cString: curl_easy_strerror(code)))")
    }
  }
}

/// What the callbacks of one transfer, all on its own thread, work on.
private final class Transfer {
  private(set) var bytes: [UInt8] = []
  private(set) var isTooLong = false
  private let sizeLimit: Int
  let isCancelled: () -> Bool

  init(sizeLimit: Int, isCancelled: @escaping () -> Bool) {
    (self.sizeLimit, self.isCancelled) = (sizeLimit, isCancelled)
  }

  static func of(_ context: UnsafeMutableRawPointer) -> Transfer {
    Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  }

  /// Returns how many bytes it has taken: fewer end the transfer.
  func take(_ more: UnsafeRawBufferPointer) -> Int {
    guard bytes.count + more.count <= sizeLimit else {
      isTooLong = true
      return 0
    }
    bytes += more
    return more.count
  }
}
