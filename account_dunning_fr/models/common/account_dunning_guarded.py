from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from .groups import ACCOUNTING_GROUPS
from .odoos_own import MODELS, is_written_in

CODE, ANYONE, CREATE = "code", "anyone", "create"
READ_ONLY, EDITABLE = ("1", "True", "true"), ("", "0", "False", "false")
RECORDS_OF_A_VIEW = ("form", "list", "kanban", "groupby")
OURS = "account_dunning_fr"  # the addon, and the small ones beside it


class AccountDunningFieldGuard(models.AbstractModel):
    """Each field says who writes it, and in which state: no screen, RPC or context opens it.

    A field is declared with the parameter ``writer``:

    - ``"code"``: no person; only the code that owns the field, with the server's full rights;
    - ``"anyone"``: whoever may write the record;
    - states, such as ``"create draft ready"``: whoever may write the record, when it is created
      and while it is in one of these (``_get_dunning_state``).

    Without the parameter, what is ``readonly`` or computed is ``"code"``, and the rest
    ``"anyone"``, or what the model says for all of its fields (``_dunning_writer``). Code that owns
    a field writes it through ``_owned``. Defaults of ``"code"`` fields
    are those of the field: neither the context nor a user gives them another.
    """

    _name = "account.dunning.field.guard"
    _description = "Guarded Fields"

    _dunning_writer = None
    # What ``_get_dunning_state`` returns, as a view says it.
    _dunning_shown_state = "state"

    def _valid_field_parameter(self, field, name):
        return name == "writer" or super()._valid_field_parameter(field, name)

    @api.model
    def _get_dunning_writer(self, field):
        """Return who writes a field: ``"code"``, ``"anyone"``, or states separated by spaces."""
        # A related field is declared where it stands, not where its value comes from.
        writer = None if field.related else getattr(field, "writer", None)
        if writer or not self._is_dunning_guarded(field):
            return writer or ANYONE
        # The lines of a record guard themselves.
        if field.type == "one2many":
            return ANYONE
        return self._dunning_writer or (CODE if field.readonly else ANYONE)

    @api.model
    def _is_dunning_guarded(self, field):
        """Return whether a field is one of ours: those of Odoo and its mixins are left alone."""
        ours = (field._module or "").startswith(OURS)
        return ours and field.name not in models.MAGIC_COLUMNS

    def _get_dunning_state(self):
        """Return the state that the declarations of this record's fields speak of."""
        self.ensure_one()
        return self["state"] if "state" in self._fields else ""

    @api.model
    def _is_dunning_handed_on(self, field):
        """Return whether what is written there now comes from our code, through a method of Odoo
        that writes with the rights of its user."""
        return False

    def _in_dunning_lang(self):
        """Return these records in the language in which what is kept of them is written.

        That of their creditor, for notes in a history, to-dos, and the reasons of holds: they are
        read by all who work for him, whoever acted, and a job has no language of its own.
        """
        creditor = self.company_id[:1].sudo().dunning_creditor_id
        lang = creditor.partner_id._get_dunning_lang() if creditor else self.env.lang
        return self.with_context(lang=lang)

    # -- The check -------------------------------------------------------------------------------

    def _has_field_access(self, field, operation):
        decide = super()._has_field_access
        alike = operation == "read" and field.groups == ACCOUNTING_GROUPS
        if alike and is_written_in(MODELS, decide):
            # Most of what we add to Odoo's models, and a form asks four times of each. Where
            # another module decides too, it is asked each time.
            return self.env.su or self._sees_dunning()
        allowed = decide(field, operation)
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
    @ormcache("self.env.uid")
    def _sees_dunning(self):
        """Whether the user sees the fields of ours that only accountants see.

        Odoo's own answer, forgotten when Odoo forgets the groups of its users: in the same cache.
        """
        return self.env.user.has_groups(ACCOUNTING_GROUPS)

    def _check_field_access(self, field, operation):
        guarded = operation == "write" and self._get_dunning_writer(field) != ANYONE
        if guarded and not self._has_field_access(field, operation):
            self._refuse_dunning_write(field)
        return super()._check_field_access(field, operation)

    @api.model
    def _refuse_dunning_write(self, field):
        """:raise AccessError: saying which field a person does not write, and what to do"""
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
        """A duplicate is a fresh record: it has what a person may say of one that he makes.

        States, numbers, seals, and what was sent or decided, stay those of the record.
        """
        left = self._get_dunning_left_behind().difference(default or ())
        return [
            vals and {name: value for name, value in vals.items() if name not in left}
            for vals in super().copy_data(default)
        ]

    @api.model
    @ormcache()
    def _get_dunning_left_behind(self):
        """Return the names of the fields that a duplicate does not have of its record.

        Those that nobody writes as a record is made. What says of which record it is, and has no
        default, goes along: without it there is none.
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
        """The fields of a view that can be edited are read-only in the states that refuse them."""
        arch, view = super()._get_view(view_id, view_type, **options)
        self._close_dunning_fields(arch)
        return arch, view

    @api.model
    def _close_dunning_fields(self, arch, within=False):
        """Make the fields of a view read-only while the guard refuses what would be typed.

        :param arch: root of a view, changed in place, with the views of lines within it
        :param bool within: whether it stands in the form of another record, its ``parent``
        """
        typed = arch.tag == "form" or (
            arch.tag == "list" and (arch.get("editable") or arch.get("multi_edit"))
        )
        if not typed:
            return
        guarded = self.env.registry["account.dunning.field.guard"]
        for node in list(arch.iterfind(".//field")):
            field = self._fields.get(node.get("name"))
            # Those of lines come in their turn; a group of a list tells of another record.
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
        # A view may open a field that is declared read-only; without a word of it, it stays so.
        closed = own in READ_ONLY or (field.readonly and not own)
        refused = not closed and self._get_dunning_refusal(field, within)
        if refused:
            node.set("readonly", f"({own}) or {refused}" if own not in EDITABLE else refused)

    @api.model
    def _get_dunning_refusal(self, field, within=True):
        """Return when a person does not write a field, as a modifier of a view says it.

        :param bool within: whether the view knows a ``parent``
        :rtype: str, or None: never, or what the view cannot know
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
        """Return the model without what the context gives as default of a ``code`` field."""
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
    """What every record that the addon keeps is built on: its fields are guarded."""

    _name = "account.dunning.guarded"
    _inherit = ["account.dunning.field.guard"]
    _description = "Guarded Record"

    _dunning_named_files = ()  # fields whose files a retention rule leaves alone

    def _owned(self):
        """Return these records with full rights, for the code that owns their fields.

        :raise AccessError: unless the user may write them
        """
        self.check_access("write")
        return self.sudo()

    @api.model
    def _fold_dunning_merged(self, customers, kept):
        """Before customers become one, leave one of what each customer has one of at a time.

        For the models with such a rule, which the database keeps. Where a person has to decide
        which one stays, nothing is done here, and the database refuses the merge.

        :param customers: ``res.partner``, with the one that is kept
        :param kept: ``res.partner`` that the others become
        """

    def _get_dunning_doubles(self, kept, key, first=lambda record: 0):
        """Return which of these records are beside another that stays.

        :param kept: ``res.partner`` whose record stays, unless another comes first
        :param key: what two records have alike, as ``grouped`` takes it
        :param first: what the record that stays has least of
        """
        doubles = self.browse()
        for alike in self.grouped(key).values():
            doubles |= alike.sorted(lambda r: (first(r), r.partner_id != kept, r.id))[1:]
        return doubles


class AccountDunningGuardedOdoo(models.AbstractModel):
    """The fields that the addon adds to a model of Odoo are guarded; the others are Odoo's."""

    _name = "account.dunning.guarded.odoo"
    _inherit = ["account.dunning.field.guard"]
    _description = "Guarded Fields of the Addon in a Model of Odoo"

    _dunning_shown_state = ""  # no form of Odoo offers what is written in a state of ours

    @api.model
    def _is_dunning_guarded(self, field):
        return field.name.startswith("dunning_") and super()._is_dunning_guarded(field)
