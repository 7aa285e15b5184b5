"""The plan as one set-based query: every open item of a creditor, its next level and why (not).

``build`` names the steps in the order in which they follow from each other; each is a CTE written
by the function of its name, and later steps keep the names of earlier ones as aliases
(``netted.residual``). ``PlanRow`` is what comes out.

===============  ==================================================================================
``item``         the open debits, and what is no due item among them (``items.py``)
``part``         what is on hold of an item or of an invoice only (``holds.py``)
``parted``       the items with ``held_amount``
``money`` …      the money of the customers, wherever it waits (``waiting_money.py``),
… ``kept``       less what went back to them (``credits.py``)
``owing`` …      what that money covers of each item: ``credit_amount``, and
… ``weighed``    ``possible_amount``, which may only be the customer's
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

Of some customers the first steps are run before, and what finds nothing is left out
(``present.py``). ``customers.py`` adds the rows up, one a customer.

``core.schedule``, ``core.spec.composition`` and ``core.credits`` state the same rules in Python,
item by item; the tests compare both. What was sent is read in the tables of the notices: history is
data, no code of that room (``docs/decisions/the-plan-only-reads.md``).
"""

from .customers import CustomerRow, by_customer
from .decision import Assumed, PlanRow, build
from .present import Present

__all__ = ["Assumed", "CustomerRow", "PlanRow", "Present", "build", "by_customer"]
