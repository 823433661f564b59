"""What each month contributes to each partner and cell: components 1 to 7 of SEMANTICS.md, one method each."""

from collections import defaultdict

from model.instants import end, instant, month_of, twelve_months_after


class Contributions:
    """`amounts[month][partner, cell][component]`, and the distinct users as `users[month][partner, cell]`."""

    def __init__(self, catalog, facts):
        self._catalog = catalog
        self._facts = facts
        self.months = range(facts.current_month - 35, facts.current_month + 1)
        self.amounts = {month: defaultdict(lambda: defaultdict(int)) for month in self.months}
        self.users = {month: defaultdict(set) for month in self.months}
        self._revenue()
        self._active_users()
        for month in self.months:
            self._customers(month)
            self._seats(month)
            self._certified_individuals(month)
            self._production_instances(month)
            self._assigned_seats(month)

    def _revenue(self):
        for line in self._facts.lines:
            billed_at = instant(line["billedAt"])
            month = month_of(billed_at)
            if month not in self.months or line.get("voided") or line.get("offCloud"):
                continue
            if line["licenseProgram"] == "ENTERPRISE_AGREEMENT":
                start = instant(line["contractStart"])
                if not start <= billed_at < twelve_months_after(start):
                    continue
            subscription = self._subscription(line, month)
            if subscription and subscription["kind"] == "PAID":
                amount = int(line.get("amountMicros", 0))
                component = "billed_micros" if amount > 0 else "credited_micros"
                self._add(month, subscription, self._sides(subscription), component, abs(amount))

    def _customers(self, month):
        customers = defaultdict(list)
        for key in self._facts.keys("subscriptions"):
            customers[key[0]].append(key)
        for subscriptions in customers.values():
            for side in self._catalog.all_sides():
                before, now = (self._paying(subscriptions, side, when) for when in (month - 1, month))
                if now and not before:
                    self._add_once_a_partner(month, now, side, "customers_added")
                if before and not now:
                    self._add_once_a_partner(month, before, side, "customers_lost")

    def _paying(self, subscriptions, side, month):
        """The states with paid seats in this product side."""
        states = (self._facts.state("subscriptions", key, month) for key in subscriptions)
        return [state for state in states if _paid_seats(state) > 0 and side in self._sides(state)]

    def _add_once_a_partner(self, month, states, side, component):
        for state in {state.get("dporPartnerId", ""): state for state in states}.values():
            self._add(month, state, [side], component, 1)

    def _seats(self, month):
        for key, state in self._facts.states("subscriptions", month):
            change = _paid_seats(state) - _paid_seats(self._facts.state("subscriptions", key, month - 1))
            component = "seats_added" if change > 0 else "seats_lost"
            self._add(month, state, self._sides(state), component, abs(change))

    def _certified_individuals(self, month):
        held = defaultdict(set)
        for each in self._facts.passes:
            expires_at = each.get("expiresAt")
            has_expired = expires_at is not None and instant(expires_at) < end(month)
            if has_expired and month_of(instant(expires_at)) >= month_of(instant(each["passedAt"])) + 1200:
                # After a hundred years: never.
                has_expired = False
            if instant(each["passedAt"]) < end(month) and not each.get("revoked") and not has_expired:
                held[each["personId"],].add(each["exam"])
        for person, affiliation in self._facts.states("affiliations", month):
            sides = {
                side for (product, workload), exams in self._catalog.exams.items() if held[person] & exams
                for side in (("", ""), (product, ""), (product, workload))}
            partner, country = affiliation.get("partnerId"), affiliation.get("country")
            self._add_at(month, partner, sides, country, "certified_individuals", 1)

    def _production_instances(self, month):
        for _, instance in self._facts.states("instances", month):
            subscription = self._subscription(instance, month)
            if subscription and instance.get("deployed") and instance["environment"] == "PRODUCTION":
                self._add(month, subscription, self._own_sides(subscription, instance), "production_instances", 1)

    def _active_users(self):
        for action in self._facts.usage:
            month = month_of(instant(action["occurredAt"]))
            subscription = self._subscription(action, month) if month in self.months else None
            if not subscription or not subscription.get("dporPartnerId") or not action.get("intentional"):
                continue
            for cell in _cells(self._own_sides(subscription, action), self._country(action, month)):
                users = self.users[month][subscription["dporPartnerId"], cell]
                users.add((action["customerId"], action["userId"]))

    def _assigned_seats(self, month):
        for _, assignment in self._facts.states("license-assignments", month):
            subscription = self._subscription(assignment, month)
            if assignment.get("assigned") and _is_live(subscription):
                self._add(month, subscription, self._sides(subscription), "assigned_seats", 1)

    # Where a fact belongs.

    def _subscription(self, fact, month):
        return self._facts.state("subscriptions", (fact["customerId"], fact["subscriptionId"]), month)

    def _sides(self, subscription):
        return self._catalog.sides(subscription.get("product"), subscription.get("workloads", []))

    def _own_sides(self, subscription, fact):
        """Of usage and instances, which carry their own workload: one of the product's, or they count nowhere."""
        sides = self._catalog.sides(subscription.get("product"), [fact.get("workload")])
        return sides if len(sides) == 3 else []

    def _country(self, fact, month):
        customer = self._facts.state("customers", (fact["customerId"],), month)
        return customer.get("country") if customer else None

    def _add(self, month, subscription, sides, component, amount):
        country = self._country(subscription, month)
        self._add_at(month, subscription.get("dporPartnerId"), sides, country, component, amount)

    def _add_at(self, month, partner, sides, country, component, amount):
        if partner:
            for cell in _cells(sides, country):
                self.amounts[month][partner, cell][component] += amount


def _cells(sides, country):
    return [(*side, where) for side in sides for where in ({"", country} if country else {""})]


def _is_live(subscription):
    return subscription is not None and subscription["status"] in ("ACTIVE", "IN_GRACE")


def _paid_seats(subscription):
    if not _is_live(subscription) or subscription["kind"] != "PAID":
        return 0
    return int(subscription.get("seats", 0))
