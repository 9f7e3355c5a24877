"""What is too large is refused before it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

LARGEST_REQUEST = 6_000_000  # bytes: a form with the largest file that is kept


class BoundedRequests:
    """Refuse a request that says it is larger than anything that we keep."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST_REQUEST:
            said = f"At most {LARGEST_REQUEST // 1_000_000} megabytes can be sent at once.\n"
            return HttpResponse(said, status=413, content_type="text/plain; charset=utf-8")
        return self.get_response(request)
