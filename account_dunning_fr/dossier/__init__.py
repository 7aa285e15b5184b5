"""The files of a court file, in plain Python: PDF pages, pictures, archive. No Odoo here.

Same data, same bytes: dates are arguments, and no library may write the present time.
"""
