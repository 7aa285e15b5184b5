"""What the installation does once, beyond loading its data."""

LETTER_LANG = "fr_FR"


def post_init_hook(env):
    """Give every company the shipped policy, and make the letters French from the first day.

    A fresh database often has English only, and a debtor in France is written to in French whatever
    the user's language: the language is switched on if it is not. Nothing else changes.
    """
    companies = env["res.company"].search([("dunning_policy_id", "=", False)])
    companies.dunning_policy_id = env.ref("account_dunning_fr.policy_france_standard")
    env["res.company"].search([])._create_dunning_journals()
    if env["res.lang"]._lang_get(LETTER_LANG):
        return
    env["res.lang"]._activate_and_install_lang(LETTER_LANG)
    # The module being installed is not yet "installed" for the call above.
    env.ref("base.module_account_dunning_fr")._update_translations([LETTER_LANG])
