import CXXHash
import Contract

extension Catalog {
  /// Distinguishes this catalog from any that gives other results, in 32 hexadecimal digits (XXH3, 128 bits). Names, and
  /// the order in which products, workloads, exams and countries are listed, affect no result and are left out.
  package var fingerprint: String {
    let hash = canonicalBytes.withUnsafeBytes { xxh3_128($0.baseAddress, $0.count, 0) }
    return hash.high64.hexadecimal + hash.low64.hexadecimal
  }

  /// Every text as its length in bytes, 32 bits little-endian, and its UTF-8; every list as its count and its elements in the
  /// order of their bytes.
  var canonicalBytes: [UInt8] {
    var bytes = Array("partner-pulse catalogue 1".utf8)
    func put(_ count: Int) {
      withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
    }
    func put(_ text: String) {
      put(text.utf8.count)
      bytes.append(contentsOf: text.utf8)
    }
    func put(_ texts: some Collection<String>) {
      put(texts.count)
      for text in texts.map(ExactText.init).sorted() { put(text.text) }
    }
    put(reportingCurrency)
    put(excludedPartnerCountries)
    let products = Self.canonical(products)
    put(products.count)
    for product in products {
      put(product.id)
      put(product.workloads.count)
      for workload in product.workloads {
        put(workload.id)
        put(Set(workload.exams.map { Array($0.utf8) }).map { String(decoding: $0, as: UTF8.self) })
      }
    }
    return bytes
  }

  /// Products and their workloads, sorted by the bytes of their ids, so that catalogs with equal fingerprints number them
  /// alike.
  static func canonical(_ products: [Product]) -> [Product] {
    products.map { product in
      var product = product
      product.workloads.sort { ExactText($0.id) < ExactText($1.id) }
      return product
    }.sorted { ExactText($0.id) < ExactText($1.id) }
  }
}
