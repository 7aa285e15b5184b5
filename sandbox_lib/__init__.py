"""Parts of ``./sandbox``: a private, real Odoo 19 to try, test and package the addon.

The launcher's side needs the standard library only; what ``inside`` runs imports Odoo.
"""
