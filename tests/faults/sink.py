"""A mail server that refuses what it is told to."""

from pathlib import Path

from sandbox_lib.mail_sink import MailSink


class FaultySink(MailSink):
    """A mail sink in which what a trial disturbs can be set."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        # Set to answer every message with a temporary refusal.
        self.refusing = False
        # What it answers instead of taking a recipient, by a part of the address: "550 unknown".
        self.answers: dict[str, str] = {}
        # Set to close the connection in the middle of the next message.
        self.hanging_up = False

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        """Take a recipient, unless it is one to refuse: aiosmtpd's hook."""
        for part, answer in self.answers.items():
            if part in address:
                return answer
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        """Keep a message, or do with it what the sink is set to: aiosmtpd's hook."""
        if self.hanging_up:
            self.hanging_up = False
            server.transport.abort()
            return "421 hung up"
        if self.refusing:
            return "451 try again later"
        return await super().handle_DATA(server, session, envelope)
