import Contract

// Lists of what there is.

extension JSONWriter {
  mutating func months(_ months: [String]) {
    beginObject()
    writeList("months", of: months)
    endObject()
  }

  mutating func cells(_ cells: [Cell], month: String) {
    beginObject()
    writeMonth(month)
    key("cells")
    beginArray()
    for cell in cells { writeCell(cell) }
    endArray()
    endObject()
  }

  mutating func partners(_ partners: some Sequence<String>, hasMore: Bool, cell: Cell, month: String) {
    beginObject()
    writeMonth(month)
    writeFilters(cell)
    writeList("partners", of: partners)
    key("has_more")
    bool(hasMore)
    endObject()
  }

  private mutating func writeList(_ name: String, of texts: some Sequence<String>) {
    key(name)
    beginArray()
    for text in texts { string(text) }
    endArray()
  }
}
