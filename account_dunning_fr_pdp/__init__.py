from . import models


def post_init_hook(env):
    """Take note of the statuses that came before this addon was there."""
    env["account.peppol.response"].search([("peppol_state", "=", "done")])._tell_dunning()
