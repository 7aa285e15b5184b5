from odoo import api, models
from odoo.tools import ormcache

OURS = "account.dunning."
MODULES = "account_dunning_fr"  # the addon, and the bridges


def is_there(user):
    """Whether a user is a colleague who still works here: neither departed nor the scheduler."""
    return user.active and not user.share


class MailActivity(models.Model):
    """Our activities are assigned to somebody who is there, whatever the context says.

    Ours are activities on our documents, and those of our types on Odoo's documents.
    """

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """Assign to a deputy what would be assigned to a departed user, or to the scheduler."""
        ids = {vals["user_id"] for vals in vals_list if vals.get("user_id")}
        users = self.env["res.users"].sudo().browse(ids)
        gone = set(users.filtered(lambda user: not is_there(user)).ids)
        if gone:
            vals_list = [
                self._hand_dunning_on(vals) if vals.get("user_id") in gone else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    @api.model
    @ormcache()
    def _get_dunning_types(self):
        """Return the ids of our activity types; only the addons create them."""
        names = self.env["ir.model.data"].sudo()
        ours = [("model", "=", "mail.activity.type"), ("module", "=like", f"{MODULES}%")]
        return frozenset(names.search(ours).mapped("res_id"))

    @api.model
    def _get_dunning_model(self, vals):
        """Return the name of the model on whose record an activity is created."""
        kind = self.env["ir.model"].sudo().browse(vals.get("res_model_id"))
        return vals.get("res_model") or kind.model or ""

    @api.model
    def _is_dunning_todo(self, vals):
        """Whether an activity is ours, from its values."""
        ours = self._get_dunning_model(vals).startswith(OURS)
        return ours or vals.get("activity_type_id") in self._get_dunning_types()

    @api.model
    def _hand_dunning_on(self, vals):
        if not vals.get("res_id") or not self._is_dunning_todo(vals):
            return vals
        document = self.env[self._get_dunning_model(vals)].sudo().browse(vals["res_id"])
        person = self.env["res.users"].sudo().browse(vals["user_id"])
        deputy = self._get_dunning_deputy(document, person)
        return {**vals, "user_id": deputy.id} if deputy else vals

    @api.model
    def _get_dunning_deputy(self, document, person, leaving=()):
        """Return who does an activity on a document if its user is not there.

        The dunning contact of the creditor, otherwise one of the creditor's dunning managers,
        otherwise the administrator.

        :param document: the record; if it is one of ours without a company, it belongs to every
            creditor
        :param person: ``res.users`` whose activity it was: a customer without a company counts as
            of his company
        :param leaving: ids of users who are leaving
        :return: ``res.users``, as superuser; may be empty
        """
        of_company = document._fields.get("company_id")
        company = of_company and document.company_id
        if not company and not document._name.startswith(OURS):
            itself = document._name == "res.partner" and document.ref_company_ids[:1]
            company = itself or person.company_id
        creditor = company and company.dunning_creditor_id
        there = (
            user
            for user in self._get_dunning_deputies(creditor)
            if is_there(user) and user.id not in leaving
        )
        return next(there, self.env["res.users"].sudo())

    @api.model
    def _get_dunning_deputies(self, creditor):
        """Yield possible deputies in order of preference, read only as far as needed.

        :param creditor: ``res.company``, or empty for what belongs to every creditor
        """
        if creditor:
            yield from creditor.dunning_user_id
        # By their cached ids: `env.ref` queries the database each time to check that the record
        # exists.
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        managers = self.env["res.groups"].sudo()
        managers = managers.browse(get_id("account_dunning_fr.group_dunning_manager")).all_user_ids
        if creditor:
            managers = managers.filtered(lambda user: creditor in user.company_ids)
        yield from managers.sorted("id")
        yield from self.env["res.users"].sudo().browse(get_id("base.user_admin") or []).exists()


class MailActivityMixin(models.AbstractModel):
    """Our activities are created, found and closed whatever the context says: time limits go on.

    Odoo skips all of this if the context says so, and any request can set the context.
    """

    _inherit = "mail.activity.mixin"

    def _asks_dunning_todos(self, kinds, type_id=None):
        """Whether activities asked for on these records are ours.

        :param kinds: external ids of activity types
        :param type_id: id of the type, if given instead
        """
        return (
            self._name.startswith(OURS)
            or any(kind.startswith(MODULES) for kind in kinds)
            or type_id in self.env["mail.activity"]._get_dunning_types()
        )

    def _with_dunning_todos(self, kinds):
        """Return these records without that context key, if the activities are ours."""
        return self._dunning_unskipped() if self._asks_dunning_todos(kinds) else self

    def _dunning_unskipped(self):
        return self.with_context(mail_activity_automation_skip=False)

    def activity_search(
        self, act_type_xmlids="", user_id=None, additional_domain=None, only_automated=True
    ):
        records = self._with_dunning_todos(act_type_xmlids)
        return super(MailActivityMixin, records).activity_search(
            act_type_xmlids,
            user_id=user_id,
            additional_domain=additional_domain,
            only_automated=only_automated,
        )

    def activity_schedule(
        self, act_type_xmlid="", date_deadline=None, summary="", note="", **values
    ):
        records = self
        if self._asks_dunning_todos([act_type_xmlid], values.get("activity_type_id")):
            values.setdefault("active", True)  # archived by a default, it would count as done
            records = self._dunning_unskipped()
        return super(MailActivityMixin, records).activity_schedule(
            act_type_xmlid, date_deadline=date_deadline, summary=summary, note=note, **values
        )

    def activity_reschedule(self, act_type_xmlids, *args, **kwargs):
        records = self._with_dunning_todos(act_type_xmlids)
        return super(MailActivityMixin, records).activity_reschedule(
            act_type_xmlids, *args, **kwargs
        )

    def activity_feedback(self, act_type_xmlids, *args, **kwargs):
        records = self._with_dunning_todos(act_type_xmlids)
        return super(MailActivityMixin, records).activity_feedback(act_type_xmlids, *args, **kwargs)

    def activity_unlink(self, act_type_xmlids, *args, **kwargs):
        records = self._with_dunning_todos(act_type_xmlids)
        return super(MailActivityMixin, records).activity_unlink(act_type_xmlids, *args, **kwargs)
