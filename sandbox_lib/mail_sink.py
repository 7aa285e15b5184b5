"""A mail server of this machine only: it keeps what it takes, and refuses what it is told to."""

import re
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.controller import Controller

from .processes import free_port


class MailSink:
    """An SMTP server on a free port of 127.0.0.1; every message becomes a file of ``folder``."""

    def __init__(self, folder: Path):
        self.folder = folder
        # Set to answer every message with a temporary refusal.
        self.refusing = False
        # What it answers instead of taking a recipient, by a part of the address: "550 unknown".
        self.answers: dict[str, str] = {}
        # Set to close the connection in the middle of the next message.
        self.hanging_up = False
        self.port = free_port()
        self._count = 0
        self._server = Controller(self, hostname="127.0.0.1", port=self.port, data_size_limit=None)

    def __enter__(self) -> "MailSink":
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server.start()
        return self

    def __exit__(self, *_exc) -> None:
        self._server.stop()

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        """Take a recipient, unless it is one to refuse: aiosmtpd's hook."""
        for part, answer in self.answers.items():
            if part in address:
                return answer
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802
        """Keep a message, or do with it what the sink is set to: aiosmtpd's hook."""
        if self.hanging_up:
            self.hanging_up = False
            server.transport.abort()
            return "421 hung up"
        if self.refusing:
            return "451 try again later"
        self._keep(envelope.rcpt_tos, envelope.content)
        return "250 kept"

    def _keep(self, recipients: list[str], message: bytes) -> None:
        """Write one message, named in order of arrival after its subject."""
        # The headers alone: a server that parses hundreds of enclosures would be what is measured.
        subject = BytesHeaderParser(policy=policy.default).parsebytes(message)["Subject"]
        words = re.sub(r"\W+", "-", subject or "no subject").strip("-")[:60]
        self._count += 1
        # The envelope is the only trace of blind copies.
        envelope = "".join(f"X-Envelope-To: {recipient}\r\n" for recipient in recipients)
        path = self.folder / f"{self._count:03d}-{words}.eml"
        path.write_bytes(envelope.encode("utf-8") + message)
