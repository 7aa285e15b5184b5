"""What the agenda takes as done on the days it looks at, and whom it looks at on which day."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, NamedTuple

from ...core.working_days import ONE_DAY
from ..plan.query import Assumed


class Sending(NamedTuple):
    """One message that will leave, as far as the books of today tell.

    :param on: its day
    :param partner_id: the customer
    :param level: ``account.dunning.level``, of the highest that it takes
    :param amount: what it claims, in the company's currency
    :param by_itself: the scheduled action sends it; else a person confirms, posts or calls
    :param row: what the plan said of the customer when it was composed, ``CustomerRow``
    :param waits: what it waits for that a person does, for the user; empty where it need not
    """

    on: date
    partner_id: int
    level: Any
    amount: float
    by_itself: bool
    row: Any
    waits: str = ""


class Foresight:
    """What is taken as done on the days looked at, and whom to look at on those to come.

    Between two looks at a customer nothing that the plan says of him changes: no level is reached,
    no due date passes that matters, no hold begins or ends. So the message of who has to wait stays
    what it is until the next look.

    :param date first: the first day, on which everybody is looked at
    :param date last: the last one; an earlier one where it ends before (``end_before``)
    :param int interval: days that pass between two messages at least, whatever the policy
    :param bool is_ruled: what is overdue may choose another policy
    """

    def __init__(self, first, last, interval, is_ruled):
        self.first, self.last = first, last
        self.interval, self.is_ruled = interval, is_ruled
        self.looks = defaultdict(set)
        self.taken = defaultdict(list)
        self.contacts = defaultdict(list)
        self.since = {}  # of each message kept back: the day on which it was first due
        self.due = {}  # the messages that are due and did not leave yet, by customer
        self.sendings = []

    def look(self, partner_id, on):
        """Look at a customer on that day too."""
        if self.first < on <= self.last:
            self.looks[on].add(partner_id)

    def end_before(self, on):
        """Foresee nothing from that day on."""
        self.last = on - ONE_DAY

    def assume(self, partner_ids, ended):
        """Return what the plan of these customers takes as done.

        :param list ended: ids of the holds that ended meanwhile
        """
        steps = {}
        for row, deadline in (each for one in partner_ids for each in self.taken.get(one, ())):
            for item, cycle, level_id in zip(row.items, row.cycles, row.levels, strict=True):
                steps[item] = (item, cycle, level_id, deadline)
        contacts = [(one, *each) for one in partner_ids for each in self.contacts.get(one, ())]
        return Assumed(list(steps.values()), contacts, ended)

    def compose(self, sending):
        """Take a message as due from its day on."""
        self.due[sending.partner_id] = sending
        self.since.setdefault(sending.partner_id, sending.on)

    def send(self, partner_id, on, deadline):
        """Take the message to a customer as sent: what it claims has its level from then on.

        :param deadline: what is printed in it as the new one, if anything
        """
        sending = self.due.pop(partner_id)._replace(on=on)
        self.since.pop(partner_id)
        self.sendings.append(sending._replace(row=None))
        is_courtesy = sending.level.kind == "courtesy"
        self.contacts[partner_id].append((on, is_courtesy))
        if sending.row.items:
            self.taken[partner_id].append((sending.row, deadline or None))
        # A courtesy keeps others from leaving on its own day only.
        free = on + (ONE_DAY if is_courtesy else timedelta(days=self.interval))
        days = (self._get_change(sending.row, whole=True), sending.row.then_date)
        following = free if sending.row.is_left else min(filter(None, days), default=None)
        if following:
            self.look(partner_id, max(free, following))

    def wait(self, row):
        """Say when to look again at a customer to whom nothing leaves on the day of his row."""
        following = self._get_change(row, whole=row.is_reached or self.is_ruled)
        if following:
            self.look(row.partner_id, following)

    def _get_change(self, row, whole):
        """Return the next day on which the plan may say something else of a customer, or None.

        :param bool whole: whether any due date that passes may change what is said; else only of
            what is to be reminded of before it
        """
        due = row.due if whole else row.skipping_due
        return min(filter(None, (due and due + ONE_DAY, row.next_date)), default=None)
