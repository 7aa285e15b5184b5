"""The load generator and the measured runs; ``./sandbox bench`` runs them inside Odoo."""
