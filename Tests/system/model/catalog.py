"""The products on offer, their workloads, and the exams that count towards each."""

import json


class Catalog:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            text = json.load(file)
        self.currency = text["reportingCurrency"]
        self.excluded_countries = set(text["excludedPartnerCountries"])
        self.workloads = {
            product["id"]: [workload["id"] for workload in product["workloads"]] for product in text["products"]}
        self.exams = {
            (product["id"], workload["id"]): set(workload["exams"])
            for product in text["products"] for workload in product["workloads"]}

    def lists(self, product):
        return product in self.workloads

    def sides(self, product, workloads):
        """The product sides of cells: all, the product, and those of the workloads that the product has."""
        if not self.lists(product):
            return []
        listed = [workload for workload in self.workloads[product] if workload in workloads]
        return [("", ""), (product, "")] + [(product, workload) for workload in listed]

    def all_sides(self):
        return [("", "")] + [
            side for product, workloads in self.workloads.items() for side in self.sides(product, workloads)[1:]]
