"""A mail server on this machine only, which stores what it receives."""

import re
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.controller import Controller

from .processes import free_port


class MailSink(Controller):
    """An SMTP server on a free port of 127.0.0.1; every message becomes a file in ``folder``."""

    def __init__(self, folder: Path):
        super().__init__(self, hostname="127.0.0.1", port=free_port(), data_size_limit=None)
        self.folder, self._count = folder, 0

    def __enter__(self) -> "MailSink":
        self.folder.mkdir(parents=True, exist_ok=True)
        self.start()
        return self

    def __exit__(self, *_exc) -> None:
        self.stop()

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        """Write a message, named by order of arrival and subject: aiosmtpd's hook."""
        # Only the headers are parsed: parsing hundreds of attachments would distort measurements.
        headers = BytesHeaderParser(policy=policy.default).parsebytes(envelope.content)
        words = re.sub(r"\W+", "-", headers["Subject"] or "no subject").strip("-")[:60]
        self._count += 1
        # The envelope is the only trace of blind copies.
        recipients = "".join(f"X-Envelope-To: {name}\r\n" for name in envelope.rcpt_tos)
        path = self.folder / f"{self._count:03d}-{words}.eml"
        path.write_bytes(recipients.encode("utf-8") + envelope.content)
        return "250 kept"
