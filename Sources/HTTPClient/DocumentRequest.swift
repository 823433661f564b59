import CCurl

/// A document could not be fetched.
package struct FetchError: Error, CustomStringConvertible {
  package let description: String
  /// Whether a retry may succeed.
  package let mayPass: Bool

  package init(description: String, mayPass: Bool = true) {
    self.description = description
    self.mayPass = mayPass
  }
}

/// Who a request is from.
package enum Credentials: Sendable {
  /// Basic authentication; a user has no colon.
  case basic(user: String, password: String)
  case bearer(token: String)
}

/// Fetches one document, or sends one and fetches the answer. Follows redirects of https to https alone, and none with a
/// document of its own.
package struct DocumentRequest: Sendable {
  package var address: WebAddress
  /// A file of certificates to trust in place of the system's (PEM); nil for the system's.
  package var authorities: String?
  /// Seconds until it must be connected, and until it must be there.
  package var connectSeconds = 5
  package var totalSeconds = 15
  /// Bytes that it may have.
  package var sizeLimit = 1 << 20
  package var credentials: Credentials?
  /// A document to send (POST); nil to fetch one (GET).
  package var content: [UInt8]?
  /// The media type of what is sent and accepted; nil for any.
  package var mediaType: String?

  private static let redirects = 3
  /// Of certificates, which the next attempt will meet again.
  private static let lastingFaults = [
    CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
  ].map(\.rawValue)

  package init(_ address: WebAddress, authorities: String? = nil) {
    (self.address, self.authorities) = (address, authorities)
  }

  /// The document of a response 200. Blocks, until `isCancelled` at the latest.
  package func fetch(isCancelled: () -> Bool = { false }) throws(FetchError) -> [UInt8] {
    let (status, document) = try answer(isCancelled: isCancelled)
    guard status == 200 else { throw FetchError(description: "\(address) answered with status \(status)") }
    return document
  }

  /// The status and the document of any response. Blocks, until `isCancelled` at the latest.
  package func answer(
    isCancelled: () -> Bool = { false }
  ) throws(FetchError) -> (status: Int, document: [UInt8]) {
    guard Self.isReady, let handle = curl_easy_init() else {
      throw FetchError(description: "libcurl cannot be used")
    }
    defer { curl_easy_cleanup(handle) }
    return try withoutActuallyEscaping(isCancelled) { (isCancelled) throws(FetchError) in
      let transfer = Transfer(sizeLimit: sizeLimit, isCancelled: isCancelled)
      let fields = try configure(handle, transfer)
      defer { curl_slist_free_all(fields) }
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
          description: "\(address): \(detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail)",
          mayPass: !Self.lastingFaults.contains(code.rawValue))
      }
      var status = 0
      ccurl_status(handle, &status)
      return (status, transfer.bytes)
    }
  }

  /// Whether the library is set up, which happens once.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Returns header fields that must stay until the transfer's end.
  private func configure(
    _ handle: UnsafeMutableRawPointer, _ transfer: Transfer
  ) throws(FetchError) -> UnsafeMutablePointer<curl_slist>? {
    var texts: [(CURLoption, String)] = [
      (CURLOPT_URL, address.text), (CURLOPT_PROTOCOLS_STR, address.isSecure ? "https" : "http"),
      (CURLOPT_REDIR_PROTOCOLS_STR, "https"), (CURLOPT_USERAGENT, "partner-pulse"),
    ]
    if let authorities { texts.append((CURLOPT_CAINFO, authorities)) }
    // Else what is meant for this machine would go through a proxy that the environment names.
    if address.isLocal { texts.append((CURLOPT_NOPROXY, "*")) }
    var numbers: [(CURLoption, Int)] = [
      (CURLOPT_FOLLOWLOCATION, address.isSecure && content == nil ? 1 : 0),
      (CURLOPT_MAXREDIRS, Self.redirects),
      (CURLOPT_CONNECTTIMEOUT, connectSeconds), (CURLOPT_TIMEOUT, totalSeconds), (CURLOPT_NOSIGNAL, 1),
      (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), (CURLOPT_FAILONERROR, 0),
    ]
    switch credentials {
    case .basic(let user, let password)?:
      texts += [(CURLOPT_USERNAME, user), (CURLOPT_PASSWORD, password)]
      numbers.append((CURLOPT_HTTPAUTH, Int(ccurl_auth_basic)))
    case .bearer(let token)?:
      texts.append((CURLOPT_XOAUTH2_BEARER, token))
      numbers.append((CURLOPT_HTTPAUTH, Int(ccurl_auth_bearer)))
    case nil: break
    }
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
    if let content { try Self.check(ccurl_post_copy(handle, content, content.count)) }
    guard let mediaType else { return nil }
    var fields = curl_slist_append(nil, "Accept: \(mediaType)")
    if content != nil { fields = curl_slist_append(fields, "Content-Type: \(mediaType)") }
    do throws(FetchError) {
      try Self.check(ccurl_set_fields(handle, fields))
    } catch {
      curl_slist_free_all(fields)
      throw error
    }
    return fields
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
