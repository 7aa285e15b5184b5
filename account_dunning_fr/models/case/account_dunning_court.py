from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.departments import department
from ...core.registry_towns import normalise
from ...core.territories import is_french

KINDS = [
    ("tc", "Commercial court"),
    ("tae", "Economic activities court (TAE)"),
    ("tmc", "Mixed commercial court"),
    ("tj_commercial", "Commercial chamber of the judicial court"),
    ("tj", "Judicial court"),
]
COMMERCIAL_KINDS = ("tc", "tae", "tmc", "tj_commercial")


class AccountDunningCourt(models.Model):
    """A court of first instance and the departments it serves.

    The shipped table says which courts serve a department; if there are several, the note on their
    areas helps a person to choose. The imported reference of the communes makes it exact.
    """

    _name = "account.dunning.court"
    _description = "Court"
    _inherit = [
        "account.dunning.guarded",
        "account.dunning.shipped",
        "account.dunning.plausible",
        "account.dunning.tracked",
    ]
    _order = "departments, name"

    # Of a court that was not shipped it only has to be its own: nobody types it.
    code = fields.Char(required=True, copy=False, default=lambda self: f"own_{uuid4().hex}")
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default="tc")
    seat_city = fields.Char(string="Seat", required=True)
    departments = fields.Char(
        required=True,
        help="Numbers of the departments it serves, wholly or in part, separated by semicolons.",
    )
    area_note = fields.Text(
        string="Area", help="Which part of the department it serves, where there are several."
    )
    appeal_court = fields.Char(string="Court of appeal")
    is_commercial = fields.Boolean(compute="_compute_is_commercial", store=True)
    address = fields.Char(help="Address of the registry, printed on the letters.")
    filing_fee = fields.Float(
        string="Fee of the registry (€)",
        digits=(16, 2),
        help="As the registry or its filing site states it today. Tariffs change: none is shipped.",
    )
    fee_note = fields.Char(string="Source of the fee")
    commune_ids = fields.One2many("account.dunning.commune", "court_id", string="Communes")
    commune_count = fields.Integer(compute="_compute_commune_count")

    _code_once = models.Constraint("UNIQUE (code)", "Another court has this code.")

    @api.depends("kind")
    def _compute_is_commercial(self):
        for court in self:
            court.is_commercial = court.kind in COMMERCIAL_KINDS

    def _compute_commune_count(self):
        counts = dict(
            self.env["account.dunning.commune"]._read_group(
                [("court_id", "in", self.ids)], ["court_id"], ["__count"]
            )
        )
        for court in self:
            court.commune_count = counts.get(court, 0)

    def action_choose(self):
        """Choose and confirm this court for the file in ``dunning_case_id``.

        The list in the dialog passes the file: it is only an argument, and grants no rights.
        """
        self.ensure_one()
        case_id = self.env.context.get("dunning_case_id")
        cases = self.env["account.dunning.case"]
        case = cases.browse(case_id).exists() if type(case_id) is int else cases
        if not case:
            raise UserError(self.env._("Open the file first: a court is chosen for a file."))
        case._check_manage()
        case.check_access("write")
        case.court_id = self
        case.action_confirm_court()
        case.action_examine()

    def _serves(self, number):
        """Whether this court serves a department.

        :param str number: number of the department
        """
        self.ensure_one()
        return number in [part.strip() for part in self.departments.split(";")]

    @api.model
    def _get_candidates(self, address, commercial):
        """Return the courts that may serve an address, using the most precise source.

        None for an address abroad, whose postal code is no department: its court is determined by
        Brussels I bis in the European Union, or else by a treaty, and a person chooses it.

        :param address: ``res.partner``, the registered office or domicile
        :param bool commercial: whether commercial courts, instead of judicial courts
        :return: (recordset, whether the reference of the communes determines it exactly)
        """
        country = address.country_id.code
        if country and not is_french(country):
            return self.browse(), False
        domain = Domain("is_commercial", "=", commercial)
        if commercial and (exact := self._get_by_commune(address)):
            return exact, len(exact) == 1
        number = department(address.zip or "")
        if not number:
            return self.browse(), False
        return self.search(domain).filtered(lambda court: court._serves(number)), False

    @api.model
    def _get_by_commune(self, address):
        """Return the commercial courts of the communes at a postal code, or of the one named."""
        communes = self.env["account.dunning.commune"].search(
            [("postal_code", "=", (address.zip or "").replace(" ", ""))]
        )
        city = normalise(address.city or "")
        named = communes.filtered(lambda commune: normalise(commune.name) == city)
        return (named or communes).court_id

    # -- Data shipped with the addon ---------------------------------------------------------------

    @api.model
    def _get_shipped_label(self):
        return self.env._("Courts shipped otherwise than corrected here")

    @api.model
    def _find_typed(self, vals):
        return self.with_context(active_test=False).search(
            [("code", "=", vals.get("code"))], limit=1
        )
