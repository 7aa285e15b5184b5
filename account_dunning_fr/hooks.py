"""What the installation does once, beyond loading its data."""

LETTER_LANG = "fr_FR"


def pre_init_hook(env):
    """Make the letters French from the first day.

    A fresh database often has English only, and a debtor in France is written to in French whatever
    the user's language: the language is switched on if it is not, before the addon is loaded, so
    that its own terms and its demonstration are French too. Nothing else changes.
    """
    if not env["res.lang"]._lang_get(LETTER_LANG):
        env["res.lang"]._activate_and_install_lang(LETTER_LANG)


def post_init_hook(env):
    """Give every company the shipped policy and the journal of its penalties."""
    companies = env["res.company"].search([("dunning_policy_id", "=", False)])
    companies.dunning_policy_id = env.ref("account_dunning_fr.policy_france_standard")
    env["res.company"].search([])._create_dunning_journals()
    _retell_holds(env)


def _retell_holds(env):
    """Say why the demonstration holds what it holds once the labels are translated.

    Its records are loaded before the translations of the addon: their notes were in English.
    """
    env.registry.clear_cache("stable")  # it may hold the labels of before
    for model, states in (
        ("account.dunning.dispute", ("open", "credit_note")),
        ("account.dunning.insolvency", ("open", "declared")),
    ):
        for record in env[model].search([("state", "in", states)]):
            record._get_holds().note = record._prepare_hold_vals()["note"]
