"""One settings file: the environment goes in; bad values stop the start, all of them named at once."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal import broker, environment, logs
from portal.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = environment.read(os.environ, BASE_DIR)
if ENVIRONMENT.problems:
    raise ImproperlyConfigured(environment.refusal(ENVIRONMENT.problems))

PRODUCTION = ENVIRONMENT.production
DEMO = ENVIRONMENT.demo
DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts

INSTALLED_APPS = [
    "portal",
    "accounts",
    "neutrality.trail",
    "neutrality.ledger",
    "neutrality.rulebook",
    "neutrality.evidence",
    "neutrality.activities",
    "neutrality.inventory",
    "neutrality.planting",
    "neutrality.offsets",
    "neutrality.evaluation",
    "neutrality.disclosure",
    "neutrality.oversight",
    "neutrality.standing",
    "neutrality.opendata",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "portal.kept.KeptPagesMiddleware",
    "portal.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "portal.middleware.PlainAddressMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.shell",
            ],
        },
    }
]

# Bounded waits. The pool belongs to web processes only (Celery closes it after every task), and so do the limits.
# Compiling a statement (jit) takes longer than any statement of a page may.
# Plans are kept for the few statements of `neutrality.statements`; a pooler between must know prepared statements.
CONNECT = {"connect_timeout": 3, "prepare_threshold": 5, "options": "-c jit=off"}
WEB_LIMITS = "-c jit=off -c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
POOL = {"pool": {"min_size": 1, "max_size": 8, "timeout": 5}, "options": WEB_LIMITS}
DATABASES = {
    "default": {
        **ENVIRONMENT.database,
        "ENGINE": "portal.database",
        "CONN_MAX_AGE": 0 if ENVIRONMENT.database_pool else 60,
        "CONN_HEALTH_CHECKS": not ENVIRONMENT.database_pool,  # those of the pool are looked at by portal.database
        "OPTIONS": ENVIRONMENT.database["OPTIONS"] | CONNECT | (POOL if ENVIRONMENT.database_pool else {}),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "青账 Qingzhang: "
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_RATE_LIMITS = {
    "invite": "30/h/user",
    "register_organization": "10/h/user",
    "calculate": "60/m/ip,600/h/ip",  # stateless and public; a large inventory is one request
    "use_key": "120/m/key",
    "answer_survey": "300/m/key,3000/h/key",  # a hall of people behind one address scans the code at once
}
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.factors.AuthenticateForm",
    "reauthenticate": "accounts.factors.ReauthenticateForm",
    "activate_totp": "accounts.factors.ActivateTOTPForm",
    "add_webauthn": "accounts.factors.AddKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
globals().update(ENVIRONMENT.email)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from

LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE_DIR / "portal" / "locale", BASE_DIR / "neutrality" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "collected" if PRODUCTION else None
# An image is built once and compresses its files then; a clone serves them from where they lie.
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
COMPRESSED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": COMPRESSED if PRODUCTION else PLAIN},
}
EVIDENCE_ROOT = ENVIRONMENT.evidence_root
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Limits against guessing count in the cache, so it is shared wherever there is more than one process.
RESP = {"socket_connect_timeout": 2, "socket_timeout": 2}
SHARED = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": ENVIRONMENT.redis_url,
    "KEY_PREFIX": "qingzhang",
    "OPTIONS": RESP,
}
LOCAL = {"BACKEND": "accounts.limits.PostgresCache", "LOCATION": "accounts_counter"}
CACHES = {"default": SHARED if ENVIRONMENT.redis_url else LOCAL}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if PRODUCTION else "language"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

LOGGING = logs.settings(production=PRODUCTION)

# A hard limit under half the visibility timeout: a slow job is never started twice at once.
VISIBILITY_S = 900
REDIS_OPTIONS = {
    "visibility_timeout": VISIBILITY_S,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    **RESP,
}
# The folder of the file broker; empty where Redis serves.
BROKER_FOLDER = "" if ENVIRONMENT.redis_url else ENVIRONMENT.broker_folder
CELERY_BROKER_URL = ENVIRONMENT.redis_url or ("atomicfs://" if BROKER_FOLDER else "memory://")
CELERY_BROKER_TRANSPORT_OPTIONS = broker.options(BROKER_FOLDER) if BROKER_FOLDER else REDIS_OPTIONS
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(ENVIRONMENT.redis_url)
CELERY_TIMEZONE = TIME_ZONE
