"""Every address: a language, then a subject."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView

from waymark_web import errors
from waymark_web.api.api import api
from waymark_web.languages import language


class ToReadersLanguage(RedirectView):
    """The bare address leads to the page in the language that the browser asks for."""

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        return f"/{language()}/"


urlpatterns = [
    path("", ToReadersLanguage.as_view()),
    path("api/v1/", api.urls),
    path("", include("waymark_web.exchange.urls")),
    *i18n_patterns(
        path("", include("waymark_web.coverage.urls")),
        path("", include("waymark_web.compact.urls")),
        path("", include("waymark_web.indicators.urls")),
        path("", include("waymark_web.reviews.urls")),
        path("", include("waymark_web.search.urls")),
        path("", include("waymark_web.plans.urls")),
        path("", include("waymark_web.firewall.urls")),
        path("", include("waymark_web.exchange.work_urls")),
        path("", include("waymark_web.accounts.urls")),
        path("account/", include("allauth.urls")),
    ),
]
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
