"""Law, money and dates of French dunning, in plain Python.

Nothing here knows Odoo, a database or today's date: models gather plain values and dates,
call these functions and write what they answer. One rule of law per file, with its article.
"""
