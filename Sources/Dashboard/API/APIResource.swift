import Contract

/// A resource of the API, by the path after "/api/v1/".
enum APIResource {
  case partners
  case indicators(partnerID: String)
  case table(partnerID: String)
  case history(partnerID: String)
  case events(partnerID: String)
  case months(partnerID: String)
  case cells(partnerID: String)
  case explanation(partnerID: String)
  case difference(partnerID: String)
  case revisions(partnerID: String)
  /// The changes of several reports, each named by a parameter.
  case changes
  case scales

  init?(_ segments: [String]) {
    switch (segments.first, segments.count) {
    case ("partners", 1): self = .partners
    case ("scales", 1): self = .scales
    case ("changes", 1): self = .changes
    case ("partners", 3) where !segments[1].isEmpty:
      let id = segments[1]
      switch segments[2] {
      case "indicators": self = .indicators(partnerID: id)
      case "indicators.csv": self = .table(partnerID: id)
      case "history.csv": self = .history(partnerID: id)
      case "events": self = .events(partnerID: id)
      case "months": self = .months(partnerID: id)
      case "cells": self = .cells(partnerID: id)
      case "explain": self = .explanation(partnerID: id)
      case "difference": self = .difference(partnerID: id)
      case "revisions": self = .revisions(partnerID: id)
      default: return nil
      }
    default: return nil
    }
  }

  /// The partner in the path, if there is one.
  var partnerID: String? {
    switch self {
    case .indicators(let id), .table(let id), .history(let id), .events(let id), .months(let id),
      .cells(let id), .explanation(let id), .difference(let id), .revisions(let id):
      id
    case .partners, .changes, .scales: nil
    }
  }

  /// The parameters that the query may have.
  var parameters: Set<ExactText> {
    switch self {
    case .indicators, .events, .scales: ["month", "product", "workload", "country"]
    case .table, .history: ["month", "product", "workload", "country", "lang"]
    case .partners: ["month", "product", "workload", "country", "limit", "after", "q"]
    case .explanation: ["month", "product", "workload", "country", "indicator", "customer", "limit"]
    case .difference:
      ["month", "product", "workload", "country", "indicator", "customer", "limit", "against", "since"]
    case .revisions:
      ["month", "product", "workload", "country", "indicator", "limit", "by", "before"]
    case .months: []
    case .changes: ["of"]
    case .cells: ["month"]
    }
  }

  var name: String {
    switch self {
    case .partners: "partners"
    case .indicators: "indicators"
    case .table: "indicators_csv"
    case .history: "history_csv"
    case .events: "events"
    case .months: "months"
    case .cells: "cells"
    case .explanation: "explain"
    case .difference: "difference"
    case .revisions: "revisions"
    case .changes: "changes"
    case .scales: "scales"
    }
  }
}
