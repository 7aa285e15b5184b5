from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from .groups import ACCOUNTING_GROUPS
from .upstream import MODELS, is_written_in

CODE, ANYONE, CREATE = "code", "anyone", "create"
READ_ONLY, EDITABLE = ("1", "True", "true"), ("", "0", "False", "false")
RECORDS_OF_A_VIEW = ("form", "list", "kanban", "groupby")
OURS = "account_dunning_fr"  # the addon and its bridges


class AccountDunningFieldGuard(models.AbstractModel):
    """Each field declares who writes it, and in which state, whatever the screen, RPC or context.

    A field is declared with the parameter ``writer``:

    - ``"code"``: nobody; only the code that owns the field, with full rights;
    - ``"anyone"``: whoever may write the record;
    - states, such as ``"create draft ready"``: whoever may write the record, while it is created or
    in one of these states (``_get_dunning_state``).

    Without the parameter, a ``readonly`` or computed field is ``"code"``; any other is
    ``"anyone"``, or what the model declares for all its fields (``_dunning_writer``). Code that
    owns a field writes it through ``_owned``. ``"code"`` fields only take the defaults of the field
    itself, never those of the context or of a user.
    """

    _name = "account.dunning.field.guard"
    _description = "Guarded Fields"

    _dunning_writer = None
    # The results of ``_get_dunning_state`` as expressions of a view.
    _dunning_shown_state = "state"

    def _valid_field_parameter(self, field, name):
        return name == "writer" or super()._valid_field_parameter(field, name)

    @api.model
    def _get_dunning_writer(self, field):
        """Return who writes a field: ``"code"``, ``"anyone"``, or states separated by spaces."""
        # A related field is declared on its own model, not on the one its value comes from.
        writer = None if field.related else getattr(field, "writer", None)
        if writer or not self._is_dunning_guarded(field):
            return writer or ANYONE
        # The lines of a record are guarded themselves.
        if field.type == "one2many":
            return ANYONE
        return self._dunning_writer or (CODE if field.readonly else ANYONE)

    @api.model
    def _is_dunning_guarded(self, field):
        """Return whether a field is one of ours: those of Odoo and its mixins are not guarded."""
        ours = (field._module or "").startswith(OURS)
        return ours and field.name not in models.MAGIC_COLUMNS

    def _get_dunning_state(self):
        """Return the state of this record in the sense of its fields' ``writer``."""
        self.ensure_one()
        return self["state"] if "state" in self._fields else ""

    @api.model
    def _is_dunning_handed_on(self, field):
        """Return whether our code writes this field through Odoo, with the user's rights."""
        return False

    def _in_dunning_lang(self):
        """Return these records in the language in which their notes are written.

        It is their creditor's, for notes in a history, activities, and reasons of holds: all who
        work for that creditor read them, whoever acted, and a scheduled action has no language of
        its own.
        """
        creditor = self.company_id[:1].sudo().dunning_creditor_id
        lang = creditor.partner_id._get_dunning_lang() if creditor else self.env.lang
        return self.with_context(lang=lang)

    # -- The check -------------------------------------------------------------------------------

    # (the classes of the model, the check of all models, whether that one alone decides who reads)
    _dunning_usual = (None, None, False)

    def _has_field_access(self, field, operation):
        # Odoo asks each time it reads a field of a record, thousands of times a page, and ``super``
        # goes through all classes of the model: no detour for what that check would answer.
        if operation == "read":
            classes, check, usual = self._dunning_usual
            base = self.pool.models["base"]._has_field_access
            if base is not check or classes is not type(self).__mro__:
                usual = self._look_up_dunning_usual(base)
            if usual and not field.groups:
                return True
            if usual and field.groups == ACCOUNTING_GROUPS:  # most of those we add to Odoo's models
                return self.env.su or self._sees_dunning()
        allowed = super()._has_field_access(field, operation)
        if not allowed or operation != "write" or self.env.su:
            return allowed
        if self._is_dunning_handed_on(field):
            return True
        writer = self._get_dunning_writer(field)
        if writer in (CODE, ANYONE):
            return writer == ANYONE
        states = writer.split()
        return all(record._get_dunning_state() in states for record in self.sudo())

    @api.model
    def _look_up_dunning_usual(self, base):
        """Whether no other module decides who reads a field of this model; kept on its class.

        :param base: the check of all models, as it is now
        """
        usual = is_written_in(MODELS, base, super()._has_field_access)
        cls = type(self)
        cls._dunning_usual = (cls.__mro__, base, usual)
        return usual

    @api.model
    @ormcache("self.env.uid")
    def _sees_dunning(self):
        """Whether the user sees our fields that are reserved to accountants.

        Cached with, and as long as, Odoo's own cache of its users' groups.
        """
        return self.env.user.has_groups(ACCOUNTING_GROUPS)

    def _check_field_access(self, field, operation):
        guarded = operation == "write" and self._get_dunning_writer(field) != ANYONE
        if guarded and not self._has_field_access(field, operation):
            self._refuse_dunning_write(field)
        return super()._check_field_access(field, operation)

    @api.model
    def _refuse_dunning_write(self, field):
        """:raise AccessError: naming the field that must not be written, and what to do instead"""
        raise AccessError(
            self.env._(
                "“%(field)s” of “%(model)s” (%(name)s) is not written by hand here: it follows the "
                "books or the buttons of the record.",
                field=field._description_string(self.env),
                model=self.env["ir.model"]._get(self._name).name,
                name=field.name,
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        model = self._without_given_dunning_defaults()
        if not self.env.su:
            for name in {name for vals in vals_list for name in vals}:
                model._check_dunning_creation(name)
        records = super(AccountDunningFieldGuard, model).create(vals_list)
        return records if model.env is self.env else records.with_env(self.env)

    # -- A duplicate -------------------------------------------------------------------------------

    def copy_data(self, default=None):
        """Copy what a person may set on a new record.

        States, numbers, seals, and what was sent or decided, are not copied.
        """
        left = self._get_dunning_left_behind().difference(default or ())
        return [
            vals and {name: value for name, value in vals.items() if name not in left}
            for vals in super().copy_data(default)
        ]

    @api.model
    @ormcache()
    def _get_dunning_left_behind(self):
        """Return the names of the fields that are not copied.

        They are those that nobody writes on a new record, except required ones without a default,
        which say what the record belongs to.
        """
        return frozenset(
            name
            for name, field in self._fields.items()
            if not {ANYONE, CREATE}.intersection(self._get_dunning_writer(field).split())
            and (not field.required or field.default)
        )

    @api.model
    def _check_dunning_creation(self, name):
        field = self._fields.get(name)
        writer = (field and self._get_dunning_writer(field)) or ANYONE
        if writer == ANYONE or CREATE in writer.split() or self._is_dunning_handed_on(field):
            return
        self._refuse_dunning_write(field)

    # -- What forms offer: only what is accepted on saving -----------------------------------------

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Make the editable fields of a view read-only in the states that refuse them."""
        arch, view = super()._get_view(view_id, view_type, **options)
        self._close_dunning_fields(arch)
        return arch, view

    @api.model
    def _close_dunning_fields(self, arch, within=False):
        """Make the fields of a view read-only as long as the guard would refuse what is entered.

        :param arch: root of a view, changed in place, with the views of lines within it
        :param bool within: whether it is part of the form of another record, its ``parent``
        """
        typed = arch.tag == "form" or (
            arch.tag == "list" and (arch.get("editable") or arch.get("multi_edit"))
        )
        if not typed:
            return
        guarded = self.env.registry["account.dunning.field.guard"]
        for node in list(arch.iterfind(".//field")):
            field = self._fields.get(node.get("name"))
            # Lines come later, in their own call; a group of a list belongs to another record.
            if field is None or next(node.iterancestors(*RECORDS_OF_A_VIEW)) is not arch:
                continue
            self._close_dunning_field(node, field, within)
            for child in node.iterchildren("form", "list"):
                lines = self.env[field.comodel_name]
                if isinstance(lines, guarded):
                    lines._close_dunning_fields(child, within=True)

    @api.model
    def _close_dunning_field(self, node, field, within):
        own = node.get("readonly", "")
        # A view may open a field declared read-only; if it says nothing, the field stays read-only.
        closed = own in READ_ONLY or (field.readonly and not own)
        refused = not closed and self._get_dunning_refusal(field, within)
        if refused:
            node.set("readonly", f"({own}) or {refused}" if own not in EDITABLE else refused)

    @api.model
    def _get_dunning_refusal(self, field, within=True):
        """Return the view modifier for when a person must not write a field.

        :param bool within: whether the view knows a ``parent``
        :rtype: str, or None: never, or it depends on something the view does not know
        """
        writer = self._get_dunning_writer(field)
        if writer == ANYONE:
            return None
        if writer == CODE:
            return "True"
        states = [state for state in writer.split() if state != CREATE]
        creates = CREATE in writer.split()
        if not states:
            return "id" if creates else "True"
        shown = self._dunning_shown_state
        if not shown or ("parent." in shown and not within):
            return None
        other = f"({shown}) not in {states}"
        return f"(id and {other})" if creates else f"(not id or {other})"

    # -- Defaults: those of the field --------------------------------------------------------------

    @api.model
    @ormcache()
    def _get_dunning_code_fields(self):
        """Return the names of the fields that no person writes."""
        fields = self._fields.items()
        return frozenset(name for name, field in fields if self._get_dunning_writer(field) == CODE)

    @api.model
    def _without_given_dunning_defaults(self):
        """Return the model without the context's default values for ``code`` fields."""
        context = self.env.context
        given = {f"default_{name}" for name in self._get_dunning_code_fields()}.intersection(
            context
        )
        if not given:
            return self
        kept = {key: value for key, value in context.items() if key not in given}
        return self.with_env(self.env(context=kept))

    @api.model
    def default_get(self, fields):
        model = self._without_given_dunning_defaults()
        defaults = super(AccountDunningFieldGuard, model).default_get(fields)
        names = self._get_dunning_code_fields().intersection(defaults)
        if not names:
            return defaults
        chosen = self.env["ir.default"]._get_model_defaults(self._name)
        for name in names.intersection(chosen):
            del defaults[name]
            if default := self._fields[name].default:
                defaults |= model._convert_to_write({name: default(model)})
        return defaults


class AccountDunningGuarded(models.AbstractModel):
    """Base of every record of the addon: its fields are guarded."""

    _name = "account.dunning.guarded"
    _inherit = ["account.dunning.field.guard"]
    _description = "Guarded Record"

    _dunning_named_files = ()  # fields whose files are kept by retention rules

    def _owned(self):
        """Return these records with full rights, for the code that owns their fields.

        :raise AccessError: unless the user may write them
        """
        self.check_access("write")
        return self.sudo()

    @api.model
    def _fold_dunning_merged(self, customers, kept):
        """Before customers are merged, keep one record of which a customer has only one at a time.

        For models with a unique index of that kind. If a person has to decide which one to keep,
        nothing is done here (``_explain_dunning_merged``).

        :param customers: ``res.partner``, including the one that is kept
        :param kept: ``res.partner`` into which the others are merged
        """

    @api.model
    def _explain_dunning_merged(self, customers):
        """Return what a person has to do before customers may be merged, or False.

        Called once everything is folded, for what is left of which a customer has only one.

        :param customers: ``res.partner``, including the one that is kept
        """
        return False

    def _get_dunning_doubles(self, kept, key, first=lambda record: 0):
        """Return the records that duplicate another one, which is kept.

        :param kept: ``res.partner`` whose record is kept, unless another one comes first
        :param key: what makes two records duplicates, as ``grouped`` takes it
        :param first: sort key, smallest for the record to keep
        """
        doubles = self.browse()
        for alike in self.grouped(key).values():
            doubles |= alike.sorted(lambda r: (first(r), r.partner_id != kept, r.id))[1:]
        return doubles

    def _name_dunning_doubles(self, key):
        """Name the records of which there are several alike, or return an empty string.

        :param key: what makes two records duplicates, as ``grouped`` takes it
        """
        several = (alike for alike in self.grouped(key).values() if len(alike) > 1)
        return ", ".join(self.browse().union(*several).mapped("display_name"))


class AccountDunningGuardedOdoo(models.AbstractModel):
    """The fields that the addon adds to a model of Odoo are guarded; Odoo's own are not."""

    _name = "account.dunning.guarded.odoo"
    _inherit = ["account.dunning.field.guard"]
    _description = "Guarded Fields of the Addon in a Model of Odoo"

    _dunning_shown_state = ""  # Odoo's forms write no field of ours that depends on a state

    @api.model
    def _is_dunning_guarded(self, field):
        return field.name.startswith("dunning_") and super()._is_dunning_guarded(field)
