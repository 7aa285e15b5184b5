{
    "name": "Stand-in for l10n_fr_pdp (tests)",
    "summary": "The models, fields and methods that account_dunning_fr_pdp joins; no platform",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "account_dunning_fr contributors",
    "license": "LGPL-3",
    "depends": ["l10n_fr_account"],
    "data": ["security/ir.model.access.csv"],
}
