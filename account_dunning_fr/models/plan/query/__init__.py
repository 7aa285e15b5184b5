"""The plan as one set-based query: every open item of a creditor, its next level or why not.

``build`` lists the steps in order; each is a CTE written by the function of the same name, and
later steps use the names of earlier ones as aliases (``netted.residual``). The result is a
``PlanRow`` per item.

===============  ==================================================================================
``item``         the open debits, and which of them are not due items (``items.py``)
``part``         the holds on part of an item or invoice, and retentions (``holds.py``)
``parted``       the items with ``held_amount``
``money`` …      the customers' money, wherever it is waiting (``waiting_money.py``),
… ``kept``       less what was paid back to them (``credits.py``)
``owing`` …      what that money covers of each item: ``credit_amount``, and
… ``weighed``    ``possible_amount``, covered by money that is only possibly a payment
``discounted``   the items whose early-payment discount was taken (``discounts.py``)
``taken``        the level that each item reached, from what was sent (from here: ``decision.py``)
``contact``      the last messages to each customer
``held``         the hold that stops an item (``holds.py``)
``ladder``       the level above each rank of each policy
``ruled``        the policy of each customer by rule
``stepped``      the items with their level, the next one and its day
``decided``      what stops an item, else whether its next level is reached
``toned``        the one level that each customer's message has
``composed``     what goes into the message, and which level each item takes in it
===============  ==================================================================================

For some customers only, the first steps run beforehand, and the steps that would find nothing are
left out (``present.py``). ``customers.py`` sums the rows up, one per customer.

``core.schedule``, ``core.spec.composition`` and ``core.credits`` state the same rules in Python,
item by item; the tests compare both. What was sent is read from the tables of the notices: history
is data, and uses no code of that room (``docs/decisions/the-plan-only-reads.md``).
"""

from .customers import CustomerRow, by_customer
from .decision import Assumed, PlanRow, build
from .present import Present

__all__ = ["Assumed", "CustomerRow", "PlanRow", "Present", "build", "by_customer"]
