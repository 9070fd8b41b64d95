"""What waitress cannot read as HTTP -> the problem that every other refusal is; granian says nothing but the status, and cannot be told to."""

from __future__ import annotations

from http import HTTPStatus

from waitress.task import ErrorTask

from resolver import problems


class Refusal(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """Answers a request that never came to be one, and closes its connection."""

    def execute(self) -> None:
        """Error of the parser -> problem; a coding that it does not know is the client's error too."""
        from resolver.service import SECURITY_HEADERS  # not before the application is made, see `server.application`

        error = self.request.error
        status = HTTPStatus(error.code)
        status = HTTPStatus.BAD_REQUEST if status == HTTPStatus.NOT_IMPLEMENTED else status
        body = problems.unparsed(status, str(error.body))
        self.status = f"{status.value} {status.phrase}"
        self.response_headers += [("Content-Type", problems.PROBLEM), ("Cache-Control", "no-store"), *SECURITY_HEADERS.items()]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
