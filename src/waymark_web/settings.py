"""Django settings. Everything that differs between machines is an environment variable."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

HERE = Path(__file__).parent

DEBUG = os.environ.get("WAYMARK_DEBUG") == "1"
SECRET_KEY = os.environ.get("WAYMARK_SECRET_KEY") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = os.environ.get("WAYMARK_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "waymark_web",
    "waymark_web.compact",
    "waymark_web.coverage",
    "waymark_web.indicators",
    "waymark_web.reviews",
    "waymark_web.search",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "waymark_web.errors.PlainErrors",
    "waymark_web.headers.SafeHeaders",
]
ROOT_URLCONF = "waymark_web.urls"
WSGI_APPLICATION = "waymark_web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["waymark_web.languages.of_the_page"],
            "builtins": ["waymark_web.templatetags.waymark"],
        },
    }
]
EVIDENCE_ENGINE = os.environ.get("WAYMARK_ENGINE") or "duckdb"
DATABASES: dict[str, dict[str, str]] = {}  # readers need none; the register brings its own

# The UN's order of its six languages. What is not translated falls back to English, visibly.
LANGUAGES = [
    ("ar", "العربية"),
    ("zh", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
