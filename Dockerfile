# One image for web, worker and scheduler. Built from the hash-pinned lock; runs as an ordinary account.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

RUN useradd --system --uid 10001 --home-dir /srv/qingzhang --shell /usr/sbin/nologin qingzhang \
    && install -d -o qingzhang -g qingzhang /srv/qingzhang /var/lib/qingzhang

WORKDIR /srv/qingzhang
COPY requirements.txt .
RUN pip install --require-hashes --only-binary :all: -r requirements.txt

COPY . .
# Style sheets and scripts are collected and compressed here, catalogues compiled; nothing of this needs a real value.
RUN PRODUCTION=1 SECRET_KEY=only-while-this-image-is-built-0123456789-abcdefghijklmnopq ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost EMAIL_URL=smtp://localhost \
    MAIL_FROM=nobody@localhost EVIDENCE_ROOT=/var/lib/qingzhang \
    sh -c 'python -c "from portal import catalogues; catalogues.compile_all()" && python manage.py collectstatic --no-input'

USER qingzhang
ENV PRODUCTION=1 EVIDENCE_ROOT=/var/lib/qingzhang/evidence
VOLUME /var/lib/qingzhang
EXPOSE 8000
CMD ["gunicorn", "--config", "python:portal.webserver", "--bind", "0.0.0.0:8000", "portal.wsgi"]
