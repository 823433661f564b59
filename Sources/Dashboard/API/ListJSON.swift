import Contract

// The API's lists.

extension JSONWriter {
  mutating func months(_ months: [String]) {
    beginObject()
    writeList("months", of: months)
    endObject()
  }

  mutating func cells(_ cells: [Cell], month: String, _ names: PageSettings) {
    beginObject()
    writeMonth(month)
    key("cells")
    beginArray()
    for cell in cells { writeCell(cell, names) }
    endArray()
    endObject()
  }

  mutating func partners(
    _ partners: some Sequence<String>, hasMore: Bool, cell: Cell, month: String, _ names: PageSettings
  ) {
    beginObject()
    writeMonth(month)
    writeFilters(cell, names)
    writeList("partners", of: partners)
    key("has_more")
    bool(hasMore)
    writeList("names", of: partners.map { names.partners.name(of: $0) })
    endObject()
  }

  private mutating func writeList(_ name: String, of texts: some Sequence<String>) {
    key(name)
    beginArray()
    for text in texts { string(text) }
    endArray()
  }
}
