"""One moment for a page: what was published last is asked once, however much the page tells."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

READING = ("GET", "HEAD")
_answers: ContextVar[dict[str, str] | None] = ContextVar("answers", default=None)


class OneMoment:
    """Remember, while a page is read, what ``once`` was told. Whoever writes asks each time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _answers.set({} if request.method in READING else None)
        try:
            return self.get_response(request)
        finally:
            _answers.reset(token)


def once(question: str, ask: Callable[[], str]) -> str:
    """The answer to a question of this page, asked when it is needed first."""
    known = _answers.get()
    if known is None:
        return ask()
    if question not in known:
        known[question] = ask()
    return known[question]
