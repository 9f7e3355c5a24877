"""What a reader sees when something is not there: the problem, the remedy, never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from waymark.exceptions import DefinitionError, FiguresError, NotFoundError, WaymarkError

logger = logging.getLogger(__name__)


class UnkeepableError(WaymarkError):
    """Somebody sent what no table can hold: a letter that is none, or more than fits."""

    def __init__(self) -> None:
        super().__init__("A part of this cannot be read.", "Follow a link of a page instead.")


class BusyError(WaymarkError):
    """The database did not take a change, for others were writing, or is not reached."""

    def __init__(self) -> None:
        super().__init__("The register is busy: nothing was kept.", "Try again in a moment.")


class PlainErrors:
    """Turn the library's errors into pages, once, at the edge."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError):
            logger.error("%s: %s", request.path, error)
            return render(
                request, "problem.html", {"error": BusyError(), "wrong": True}, status=503
            )
        if isinstance(error, DataError):
            error = UnkeepableError()
        if not isinstance(error, WaymarkError):
            return None
        status = 400
        if isinstance(error, NotFoundError):
            status = 404
        elif isinstance(error, DefinitionError | FiguresError):
            logger.error("%s: %s", request.path, error)
            return render(request, "problem.html", {"ours": True}, status=500)
        return render(
            request, "problem.html", {"error": error, "wrong": status == 400}, status=status
        )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address that leads nowhere."""
    return render(request, "problem.html", {}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours."""
    return render(request, "problem.html", {"ours": True}, status=500)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what is not the reader's: who is not signed in may do that first."""
    if not request.user.is_authenticated and request.method == "GET":
        return redirect_to_login(request.get_full_path())
    return render(request, "problem.html", {"forbidden": True}, status=403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was sent without the secret that came with it."""
    return render(request, "problem.html", {"stale": True}, status=403)
