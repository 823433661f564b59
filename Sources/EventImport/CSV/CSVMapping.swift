import Contract

/// Defines how rows of CSV files of one kind become events of a topic. docs/IMPORTING.md describes its JSON form.
package struct CSVMapping {
  package let topic: Topic
  package let separator: UInt8
  /// Lines before the one that names the columns.
  package let skippedLines: Int
  let skip: [RowFilter]
  let rules: [FieldRule]

  /// Throws if the JSON is not a valid mapping to events of `topic`, or if that is not an input topic.
  package init(json: [UInt8], topic: Topic) throws(MappingFault) {
    self.topic = topic
    guard let fields = topic.eventType?.jsonFields, let keyField = fields.first else {
      throw MappingFault("\"\(topic.name)\" is not an input topic")
    }
    let members = try JSONTree(json).members(
      known: ["separator", "skipLines", "skip", "fields"] + CellFormat.sharedKeys)
    separator = try members["separator"].map(Self.separator) ?? UInt8(ascii: ",")
    skippedLines = try members["skipLines"]?.count() ?? 0
    skip = try RowFilter.list(members["skip"])
    let shared = try CellFormat().with(members)
    guard let given = try members["fields"]?.members() else { throw MappingFault("\"fields\" is missing") }
    var rules: [FieldRule] = []
    for (name, tree) in given {
      guard let field = fields.first(where: { $0.name == name }) else {
        let nearest = nearestName(to: name, among: fields.map(\.name))
        throw tree.fault(
          "\(topic.name) has no such field" + (nearest.map { "; the nearest is \"\($0)\"" } ?? ""))
      }
      rules.append(try FieldRule(field, tree, shared))
    }
    guard given.contains(where: { $0.key == keyField.name }) else {
      throw MappingFault("fields: \"\(keyField.name)\" is missing, which is the key of \(topic.name)")
    }
    self.rules = rules
  }

  private static func separator(_ tree: JSONTree) throws(MappingFault) -> UInt8 {
    switch try tree.string() {
    case ",": UInt8(ascii: ",")
    case ";": UInt8(ascii: ";")
    case "\t": UInt8(ascii: "\t")
    case "|": UInt8(ascii: "|")
    default: throw tree.fault("this is none of \",\", \";\", \"\\t\" and \"|\"")
    }
  }

  /// The columns that the mapping reads, each with the path of the rule that names it.
  var columns: [(name: String, path: String)] {
    skip.map { ($0.column, $0.path) } + rules.flatMap { rule in rule.columns.map { ($0, rule.path) } }
  }
}

/// A condition on a cell; rows that meet it are left out.
struct RowFilter {
  enum Condition {
    case isOneOf(Set<String>)
    case isNoneOf(Set<String>)
    case isEmpty(Bool)
  }

  let column: String
  let condition: Condition
  let path: String

  static func list(_ tree: JSONTree?) throws(MappingFault) -> [RowFilter] {
    guard let tree else { return [] }
    guard case .array(let elements) = tree.value else { throw tree.fault("this is not an array") }
    var filters: [RowFilter] = []
    for element in elements { filters.append(try RowFilter(element)) }
    return filters
  }

  private init(_ tree: JSONTree) throws(MappingFault) {
    let members = try tree.members(known: ["column", "is", "isNot", "isEmpty"])
    guard let column = members["column"] else { throw tree.fault("\"column\" is missing") }
    self.column = try column.string()
    path = tree.path
    guard members.count == 2 else {
      throw tree.fault("this needs \"column\" and one of \"is\", \"isNot\" and \"isEmpty\"")
    }
    if let texts = members["is"] {
      condition = .isOneOf(Set(try texts.strings()))
    } else if let texts = members["isNot"] {
      condition = .isNoneOf(Set(try texts.strings()))
    } else if let isEmpty = members["isEmpty"] {
      condition = .isEmpty(try isEmpty.bool())
    } else {
      throw tree.fault("this needs one of \"is\", \"isNot\" and \"isEmpty\"")
    }
  }

  func holds(_ cell: String) -> Bool {
    switch condition {
    case .isOneOf(let texts): texts.contains(cell)
    case .isNoneOf(let texts): !texts.contains(cell)
    case .isEmpty(let isEmpty): cell.isEmpty == isEmpty
    }
  }
}
