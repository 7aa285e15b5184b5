"""The addon's safe reader of XML, taken from its file: its package needs Odoo."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

FILE = Path(__file__).parents[2] / "account_dunning_fr" / "models" / "common" / "safe_xml.py"
_spec = spec_from_file_location("safe_xml", FILE)
_module = module_from_spec(_spec)
_spec.loader.exec_module(_module)

NotXmlError, parse = _module.NotXmlError, _module.parse
