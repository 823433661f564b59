import Contract

// The JSON in which commands print results: the schema's field names, numbers as JSON numbers, undefined values as null.

extension IndicatorSnapshot {
  /// Writes `{"key": …, "indicators": {…}, "components": {…}}`.
  package func writeResult(to json: inout JSONWriter) {
    json.beginObject()
    json.key("key")
    json.string(key)
    json.key("indicators")
    json.beginObject()
    for kind in IndicatorKind.allCases {
      json.key(kind.name)
      (self[kind] ?? Indicator()).writeResult(to: &json)
    }
    json.endObject()
    json.key("components")
    json.beginObject()
    for component in Component.allCases {
      json.key(component.name)
      json.number(components?[component] ?? 0)
    }
    json.endObject()
    json.endObject()
  }
}

extension Indicator {
  fileprivate func writeResult(to json: inout JSONWriter) {
    json.beginObject()
    json.key("value")
    json.write(value)
    json.key("previous")
    json.write(previous)
    json.key("trend")
    json.string(trend.name?.description ?? String(trend.rawValue))
    json.key("bar")
    if let bar { json.number(bar) } else { json.null() }
    json.endObject()
  }
}

extension IndicatorScale {
  /// Writes `{"key": …, "scales": […]}`.
  package func writeResult(to json: inout JSONWriter) {
    json.beginObject()
    json.key("key")
    json.string(key)
    json.key("scales")
    json.beginArray()
    for scale in scales { scale.writeResult(to: &json) }
    json.endArray()
    json.endObject()
  }
}

extension IndicatorScale.Scale {
  fileprivate func writeResult(to json: inout JSONWriter) {
    json.beginObject()
    json.key("indicator")
    json.string(indicator)
    json.key("partners")
    json.number(partners)
    json.key("bars")
    json.beginArray()
    for bar in bars {
      json.beginObject()
      json.key("bar")
      json.number(bar.bar)
      json.key("partners")
      json.number(bar.partners)
      json.key("min")
      json.write(bar.min)
      json.key("max")
      json.write(bar.max)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ value: Double?) {
    // JSON has no infinity and no NaN.
    if let value, value.isFinite { number(value) } else { null() }
  }
}
