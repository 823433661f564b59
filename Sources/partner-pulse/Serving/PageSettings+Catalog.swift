import Dashboard
import Indicators

extension PageSettings {
  /// The names and the currency of a catalogue.
  init(_ catalog: Catalog) {
    var names = DisplayNames()
    for product in catalog.products {
      let workloads = product.workloads.map { ($0.id, $0.name) }
      names.add(
        product: product.id, name: product.name, workloads: Dictionary(workloads) { first, _ in first })
    }
    self.init(names: names, currency: catalog.reportingCurrency)
  }
}
