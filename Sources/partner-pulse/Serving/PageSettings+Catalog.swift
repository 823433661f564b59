import Dashboard
import Indicators

extension PageSettings {
  /// The names and the currency of a catalog.
  init(_ catalog: Catalog) {
    var names = DisplayNames()
    for product in catalog.products {
      names.add(
        product: product.id, name: product.name, workloads: product.workloads.map { ($0.id, $0.name) })
    }
    self.init(names: names, currency: catalog.reportingCurrency)
  }
}
