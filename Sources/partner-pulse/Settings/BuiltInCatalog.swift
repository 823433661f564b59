/// The catalog that is used unless another one is given: Dynamics 365 in the applications that licenses are sold for,
/// with the exams of Microsoft's certifications that count toward each.
let builtInCatalog = """
  {
    "reportingCurrency": "USD",
    "excludedPartnerCountries": ["CN", "DE"],
    "products": [
      {
        "id": "customer-engagement",
        "name": "Dynamics 365 Customer Engagement",
        "workloads": [
          {"id": "sales", "name": "Sales", "exams": ["MB-200", "MB-210", "MB-280", "MB-910"]},
          {"id": "customer-service", "name": "Customer Service", "exams": ["MB-200", "MB-230", "MB-910"]},
          {"id": "field-service", "name": "Field Service", "exams": ["MB-200", "MB-240", "MB-910"]},
          {"id": "customer-insights", "name": "Customer Insights", "exams": ["MB-200", "MB-220", "MB-260", "MB-280", "MB-910"]}
        ]
      },
      {
        "id": "finance-operations",
        "name": "Dynamics 365 Finance and Operations",
        "workloads": [
          {"id": "finance", "name": "Finance", "exams": ["MB-300", "MB-310", "MB-500", "MB-700", "MB-920"]},
          {"id": "supply-chain-management", "name": "Supply Chain Management", "exams": ["MB-300", "MB-320", "MB-330", "MB-335", "MB-500", "MB-700", "MB-920"]},
          {"id": "commerce", "name": "Commerce", "exams": ["MB-300", "MB-340", "MB-500", "MB-700", "MB-920"]},
          {"id": "human-resources", "name": "Human Resources", "exams": ["MB-300", "MB-920"]},
          {"id": "project-operations", "name": "Project Operations", "exams": ["MB-300", "MB-500", "MB-700", "MB-920"]}
        ]
      },
      {
        "id": "business-central",
        "name": "Dynamics 365 Business Central",
        "workloads": [
          {"id": "essentials", "name": "Essentials", "exams": ["MB-800"]},
          {"id": "premium", "name": "Premium", "exams": ["MB-800", "MB-820"]}
        ]
      }
    ]
  }
  """
