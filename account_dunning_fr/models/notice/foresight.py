"""What the agenda assumes to be done on its days, and which customers it examines on which day."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, NamedTuple

from ...core.working_days import ONE_DAY
from ..plan.query import Assumed


class Sending(NamedTuple):
    """One notice that will be sent, according to the current books.

    :param on: its day
    :param partner_id: the customer
    :param level: ``account.dunning.level``, the highest that it takes
    :param amount: what it claims, in the company's currency
    :param by_itself: whether the scheduled action sends it; otherwise a person confirms, posts or
        calls
    :param row: the plan's row for the customer when it was prepared, ``CustomerRow``
    :param waits: what a person has to do first, for the user; empty if nothing
    """

    on: date
    partner_id: int
    level: Any
    amount: float
    by_itself: bool
    row: Any
    waits: str = ""


class Foresight:
    """What is assumed to be done on the days examined so far, and whom to examine on later days.

    Between two examinations of a customer nothing changes in his plan: no level is reached, no
    relevant due date passes, no hold begins or ends. So the notice of a customer who has to wait
    stays the same until the next one.

    :param date first: the first day, on which everybody is examined
    :param date last: the last day; earlier if the agenda ends before (``end_before``)
    :param int interval: minimum number of days between two notices, over all policies
    :param bool is_ruled: whether overdue amounts may lead to another policy
    """

    def __init__(self, first, last, interval, is_ruled):
        self.first, self.last = first, last
        self.interval, self.is_ruled = interval, is_ruled
        self.looks = defaultdict(set)
        self.taken = defaultdict(list)
        self.contacts = defaultdict(list)
        self.since = {}  # for each notice kept back: the day on which it was first due
        self.due = {}  # the notices that are due and not yet sent, by customer
        self.sendings = []

    def look(self, partner_id, on):
        """Examine a customer on that day, too."""
        if self.first < on <= self.last:
            self.looks[on].add(partner_id)

    def end_before(self, on):
        """Foresee nothing from that day on."""
        self.last = on - ONE_DAY

    def assume(self, partner_ids, ended):
        """Return what the plan of these customers assumes to be done.

        :param list ended: ids of the holds that have ended meanwhile
        """
        steps = {}
        for row, deadline in (each for one in partner_ids for each in self.taken.get(one, ())):
            for item, cycle, level_id in zip(row.items, row.cycles, row.levels, strict=True):
                steps[item] = (item, cycle, level_id, deadline)
        contacts = [(one, *each) for one in partner_ids for each in self.contacts.get(one, ())]
        return Assumed(list(steps.values()), contacts, ended)

    def compose(self, sending):
        """Register a notice as due from its day on."""
        self.due[sending.partner_id] = sending
        self.since.setdefault(sending.partner_id, sending.on)

    def send(self, partner_id, on, deadline):
        """Assume that the notice to a customer is sent: what it claims has its level from then on.

        :param deadline: the new deadline printed in it, if any
        """
        sending = self.due.pop(partner_id)._replace(on=on)
        self.since.pop(partner_id)
        self.sendings.append(sending._replace(row=None))
        is_courtesy = sending.level.kind == "courtesy"
        self.contacts[partner_id].append((on, is_courtesy))
        if sending.row.items:
            self.taken[partner_id].append((sending.row, deadline or None))
        # A courtesy notice prevents others only on its own day.
        free = on + (ONE_DAY if is_courtesy else timedelta(days=self.interval))
        days = (self._get_change(sending.row, whole=True), sending.row.then_date)
        following = free if sending.row.is_left else min(filter(None, days), default=None)
        if following:
            self.look(partner_id, max(free, following))

    def wait(self, row):
        """Schedule the next examination of a customer to whom nothing is sent on that day."""
        following = self._get_change(row, whole=row.is_reached or self.is_ruled)
        if following:
            self.look(row.partner_id, following)

    def _get_change(self, row, whole):
        """Return the next day on which the plan may change for a customer, or None.

        :param bool whole: whether any due date that passes may change the plan; otherwise only
            those with a notice before the due date
        """
        due = row.due if whole else row.skipping_due
        return min(filter(None, (due and due + ONE_DAY, row.next_date)), default=None)
