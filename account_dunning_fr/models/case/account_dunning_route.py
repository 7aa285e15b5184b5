from odoo import api, models
from odoo.tools import format_amount, format_date

from ...core.filing import explain
from ...core.money import to_decimal
from ...core.outcomes import ClosedFile, outcomes
from ..common.marks import collect
from .finding_words import LAWYER, ROUTE_POINTS

ROUTES = [
    ("order_commercial", "Order to pay – commercial court or TAE"),
    ("order_judicial", "Order to pay – judicial court"),
    ("order_protection", "Order to pay – judge for consumer credit and leases (JCP)"),
    ("small_claim", "Small claims procedure"),
    ("interim", "Interim payment (référé-provision)"),
    ("summons", "Summons on the merits"),
    ("european", "European order for payment"),
    ("european_small", "European small claims procedure"),
    ("administrative", "Administrative route (public debtor)"),
    ("declaration", "Declaration of claim (insolvency)"),
    ("uncontested", "Uncontested commercial claim (CPCE L. 126-1)"),
    ("mediation", "Attempt to settle (mediation, conciliation)"),
    ("agency", "Collection agency"),
    ("insurer", "Credit insurer"),
]


class AccountDunningRoute(models.AbstractModel):
    """What each route to a title requires and has yielded, in words: facts with their sources.

    The law comes from ``core/filing.py``, the fees from what users entered, the durations and the
    success rate from the creditor's own closed files.
    """

    _name = "account.dunning.route"
    _description = "What a Route Asks For"

    @api.model
    def _get_offers(self, case):
        """Return the routes through third parties open to a file, as told by the rooms concerned.

        A method decorated with ``@tells_offers`` takes the file and returns an iterable of their
        codes, "agency" and "insurer": none if the route is not switched on, or not possible for
        this debtor.
        """
        return frozenset(collect(self, "offers", case))

    @api.model
    def _get_told(self, case):
        """Return what there is to say about each route for a file.

        :return: function ``route -> list of dicts`` ``label``, ``text``, ``source``, ``to_check``
        """
        fees = self.env["account.dunning.route.fee"]._get_of_case(case)
        closed = self._get_outcomes(case.company_id)
        total, commercial = to_decimal(case.amount_total), case._is_commercial()

        def tell(route):
            of_court = {"order_commercial": True, "order_judicial": False}
            told = explain(route, total, commercial=of_court.get(route, commercial))
            return [
                self._prepare_lawyer(told.lawyer),
                *self._prepare_points(self.env._("Filing"), told.filed),
                *self._prepare_fees(fees.get(route)),
                *self._prepare_outcome(closed.get(route)),
                *self._prepare_points(self.env._("If the debtor opposes"), told.opposed),
            ]

        return tell

    @api.model
    def _prepare_line(self, label, text, source="", *, to_check=False):
        return {"label": label, "text": text, "source": source, "to_check": to_check}

    @api.model
    def _prepare_lawyer(self, code):
        source = "" if code == "check" else "CPC 761, 853"
        words = self.env._(LAWYER[code])
        return self._prepare_line(self.env._("Lawyer"), words, source, to_check=code == "check")

    @api.model
    def _prepare_points(self, label, points):
        return [
            self._prepare_line(
                label if not index else "",
                self.env._(ROUTE_POINTS[point.code]),
                point.source,
                to_check=point.to_check,
            )
            for index, point in enumerate(points)
        ]

    @api.model
    def _prepare_fees(self, fees):
        return [
            self._prepare_line(
                self.env._("Fees") if not index else "",
                f"{fee.name}: {format_amount(self.env, fee.amount, fee.currency_id)}",
                self.env._(
                    "%(where)s, read on %(date)s",
                    where=fee.source,
                    date=format_date(self.env, fee.seen_on),
                ),
            )
            for index, fee in enumerate(fees or ())
        ]

    # -- Own files ---------------------------------------------------------------------------------

    @api.model
    def _get_outcomes(self, creditor):
        """Return the outcome of the closed files of a creditor, by route.

        A room that hands claims over in another way adds its own, as ``ClosedFile``, by a method
        decorated with ``@tells_closed_files`` that takes the creditor.
        """
        files = self.env["account.dunning.case"].search_fetch(
            [
                ("company_id", "=", creditor.id),
                ("state", "=", "closed"),
                ("handover_on", "!=", False),
                ("route", "!=", False),
            ],
            ["route", "handover_on", "enforceable_on", "closed_on", "close_reason"],
        )
        closed = [
            ClosedFile(
                file.route,
                file.handover_on,
                file.enforceable_on or None,
                file.closed_on,
                file.close_reason or "",
            )
            for file in files
        ]
        return outcomes([*closed, *collect(self, "closed_files", creditor)])

    @api.model
    def _prepare_outcome(self, outcome):
        """Return what the creditor's own files say about a route; nothing if none counts."""
        if not outcome or not outcome.closed:
            return []
        texts = [
            self.env._(
                "%(closed)s closed, %(paid)s paid in full (%(rate)s %%), in %(days)s days (median)",
                closed=outcome.closed,
                paid=outcome.paid,
                rate=round(100 * outcome.paid / outcome.closed),
                days=outcome.days,
            )
        ]
        if outcome.titled:
            texts.append(
                self.env._(
                    "a title for %(titled)s, in %(days)s days (median)",
                    titled=outcome.titled,
                    days=outcome.days_to_title,
                )
            )
        if outcome.withdrawn:
            texts.append(self.env._("%s withdrawn, not counted", outcome.withdrawn))
        return [self._prepare_line(self.env._("Own files"), "; ".join(texts))]
