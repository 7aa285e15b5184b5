"""Parts of ``./sandbox``: a private, real Odoo 19 to try, test and package the addon.

The launcher's side needs the standard library only. ``demo_driver``, ``demo_job`` and
``odoo_main`` run inside the private Python environment, where Odoo can be imported.
"""
