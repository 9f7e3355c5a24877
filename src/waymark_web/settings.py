"""Django settings. Everything that differs between machines is an environment variable."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

from waymark.finance.evidence import MONEY as SHIPPED_MONEY
from waymark_web.keeping import home, secret_key

HERE = Path(__file__).parent
HOME = home()

DEBUG = os.environ.get("WAYMARK_DEBUG") == "1"
SECRET_KEY = os.environ.get("WAYMARK_SECRET_KEY") or secret_key(HOME)
ALLOWED_HOSTS = os.environ.get("WAYMARK_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
SECURE = os.environ.get("WAYMARK_HTTPS") == "1"  # set it wherever others reach the site

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # pages of passkeys need it
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "waymark_web",
    "waymark_web.accounts",
    "waymark_web.audit",
    "waymark_web.compact",
    "waymark_web.coverage",
    "waymark_web.exchange",
    "waymark_web.finance",
    "waymark_web.firewall",
    "waymark_web.indicators",
    "waymark_web.plans",
    "waymark_web.reviews",
    "waymark_web.search",
]
MIDDLEWARE = [
    "waymark_web.bounds.BoundedRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "waymark_web.headers.OneReadersAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "waymark_web.errors.PlainErrors",
    "waymark_web.moments.OneMoment",
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
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "waymark_web.languages.of_the_page",
            ],
            "builtins": ["waymark_web.templatetags.waymark"],
        },
    }
]
EVIDENCE_ENGINE = os.environ.get("WAYMARK_ENGINE") or "duckdb"
MONEY = Path(os.environ.get("WAYMARK_MONEY") or SHIPPED_MONEY)  # reported money

# The register: SQLite in the home folder, or any database that an address names.
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("WAYMARK_DATABASE") or f"sqlite:///{HOME / 'register.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {  # type: ignore[typeddict-unknown-key]
        "transaction_mode": "IMMEDIATE",  # writers wait for each other instead of failing
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "waymark_web.accounts.adapter.ByInvitation"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation has reached its address
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Waymark"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # browsers trust http on localhost alone
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "home"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = True  # whoever writes all day stays signed in
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "waymark_web.errors.stale_form"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # a form; files are counted apart
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Mail: a server by its address, or a folder of files that somebody sends on.
DEFAULT_FROM_EMAIL = os.environ.get("WAYMARK_MAIL_FROM", "waymark@localhost")
if os.environ.get("WAYMARK_SMTP"):
    EMAIL_HOST, _, _port = os.environ["WAYMARK_SMTP"].partition(":")
    EMAIL_PORT = int(_port or 587)
    EMAIL_HOST_USER = os.environ.get("WAYMARK_SMTP_ACCOUNT", "")
    EMAIL_HOST_PASSWORD = os.environ.get("WAYMARK_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = EMAIL_PORT == 587
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HOME / "mail"

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
