import HTTPServer

/// A file that pages load. Its name contains a hash of the content, so browsers may cache it forever.
struct PageAsset: Sendable {
  let name: String
  private let type: String
  private let bytes: [UInt8]

  fileprivate init(_ name: String, _ ending: String, _ type: String, _ bytes: [UInt8]) {
    self.name = "\(name)-\(EntityTag(of: bytes).hex.prefix(16)).\(ending)"
    self.type = type
    self.bytes = bytes
  }

  var path: String { "/assets/\(name)" }

  var response: Response {
    var response = Response(200, type, bytes)
    response.set("Cache-Control", "public, max-age=31536000, immutable")
    return response
  }
}

enum PageAssets {
  static let style = PageAsset("page", "css", "text/css; charset=utf-8", PackageResources.page_css)
  /// The script of a page that is not live.
  static let keys = PageAsset("keys", "js", "text/javascript; charset=utf-8", PackageResources.keys_js)
  // The first two declare what the third uses.
  static let script = PageAsset(
    "page", "js", "text/javascript; charset=utf-8",
    PackageResources.keys_js + PackageResources.live_js + PackageResources.page_js)
  static let icon = PageAsset("icon", "svg", "image/svg+xml", PackageResources.icon_svg)

  /// The asset with this name, or nil.
  static func find(_ name: String) -> PageAsset? { [style, script, keys, icon].first { $0.name == name } }
}
