"""What installation and removal do once, beyond loading and deleting data."""

from odoo.tools import SQL

ADDON = "account_dunning_fr"
LETTER_LANG = "fr_FR"
# The data of Odoo's models that an addon ships for its operation; the rest is, for instance,
# demonstration data.
SYSTEM = ("ir.", "mail.", "report.", "res.groups")


def pre_init_hook(env):
    """Make the letters French from the first day.

    A new database often has only English, but a debtor in France is written to in French whatever
    the user's language. So French is activated, if it is not, before the addon is loaded, so that
    its own terms and its demonstration data are French too. Nothing else changes.
    """
    if not env["res.lang"]._lang_get(LETTER_LANG):
        env["res.lang"]._activate_and_install_lang(LETTER_LANG)


def post_init_hook(env):
    """Give every company the default policy and the journal of its penalties."""
    companies = env["res.company"].search([("dunning_policy_id", "=", False)])
    companies.dunning_policy_id = env.ref("account_dunning_fr.policy_france_standard")
    env["res.company"].search([])._create_dunning_journals()
    env["res.company"].search([])._follow_dunning_account()
    _retell_holds(env)


def _retell_holds(env):
    """Rewrite the reasons of the demonstration's holds once the labels are translated.

    Its records are loaded before the translations of the addon, so their notes were in English.
    """
    env.registry.clear_cache("stable")  # it may contain the old labels
    for model, states in (
        ("account.dunning.dispute", ("open", "credit_note")),
        ("account.dunning.insolvency", ("open", "declared")),
    ):
        for record in env[model].search([("state", "in", states)]):
            record._get_holds().note = record._prepare_hold_vals()["note"]
    env["account.move"].search([("dunning_einvoice_code", "!=", False)])._retell_dunning_einvoice()


def uninstall_hook(env):
    """Remove what would prevent the addon's records from being deleted one after the other.

    All its tables are dropped, and Odoo deletes their content in an order of its own: each foreign
    key between them still in use would cause an error in the log. The parameters and the last
    loaded translations are deleted too, since they have no external name from which Odoo would
    know. The addons that depend on this one are removed with it, and extend its models until then.
    """
    _leave_data(env)
    env["ir.config_parameter"].search([("key", "=like", f"{ADDON}.%")]).unlink()
    env["ir.module.module"]._get_dunning_terms_kept(ADDON).unlink()
    env.flush_all()
    _forget_schema(env)
    env.cr.execute(
        """
        WITH ours AS (
            SELECT to_regclass(replace(model.model, '.', '_')) AS id
              FROM ir_model model
              JOIN ir_model_data data ON data.model = 'ir.model' AND data.res_id = model.id
             GROUP BY model.id HAVING bool_and(data.module LIKE %s) AND bool_or(data.module = %s)
        )
        SELECT key.conrelid::regclass::text, key.conname
          FROM pg_constraint key
         WHERE key.contype = 'f'
           AND (key.conrelid IN (SELECT id FROM ours) OR key.confrelid IN (SELECT id FROM ours))
        """,
        [ADDON.replace("_", r"\_") + "%", ADDON],
    )
    for table, name in env.cr.fetchall():
        env.cr.execute(
            SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name))
        )


def _forget_schema(env):
    """Delete what Odoo stores about the schema and does not delete with an addon.

    Foreign keys of our fields on Odoo's own tables, which have no external name; and the external
    names that other modules, such as ``mail``, gave to the selections and inheritances of our
    models: the models are deleted, but the names would stay.
    """
    ours = ADDON.replace("_", r"\_") + "%"
    env.cr.execute(
        """
        DELETE FROM ir_model_constraint known USING ir_module_module module
         WHERE module.id = known.module AND module.name LIKE %s AND known.type = 'f'
        """,
        [ours],
    )
    env.cr.execute(
        """
        DELETE FROM ir_model_data data
         USING (
            SELECT 'ir.model.inherit' AS model, id, model_id FROM ir_model_inherit
             UNION ALL
            SELECT 'ir.model.fields.selection', selection.id, field.model_id
              FROM ir_model_fields_selection selection
              JOIN ir_model_fields field ON field.id = selection.field_id
         ) known
         WHERE data.model = known.model AND data.res_id = known.id
           AND data.module NOT LIKE %(ours)s
           AND known.model_id IN (
                SELECT res_id FROM ir_model_data WHERE model = 'ir.model'
                 GROUP BY res_id HAVING bool_and(module LIKE %(ours)s))
        """,
        {"ours": ours},
    )
    env.registry.clear_cache()


def _leave_data(env):
    """Delete the external names of the demonstration's customers, entries and payments.

    Because of these names Odoo would delete an entry although it is posted, and try to delete a
    customer or a company that others refer to: an error in the log for each, and a name that stays.
    What is in the books belongs to them.
    """
    names = env["ir.model.data"].search([("module", "=", ADDON)])
    data = names.filtered(lambda name: not name.model.startswith((*SYSTEM, "account.dunning.")))
    data.unlink()
