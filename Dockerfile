# The product without tests, checks and embedded servers. One image, three processes: see compose.yaml.
FROM python:3.11-slim AS packages
COPY requirements.lock /tmp/
RUN python -m venv --without-pip /opt/meridian \
    && python -m pip --python /opt/meridian/bin/python install --no-cache-dir --no-deps --only-binary :all: \
        --require-hashes --requirement /tmp/requirements.lock

FROM python:3.11-slim
# WeasyPrint draws with these.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/meridian meridian \
    && install -d -o meridian -g meridian /var/lib/meridian/documents
COPY --from=packages /opt/meridian /opt/meridian
COPY . /srv/meridian
WORKDIR /srv/meridian
ENV PATH=/opt/meridian/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=billing_site.settings.production \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/var/lib/meridian/documents
# Collecting needs settings but no secret and no server: the values live for this one command.
RUN SECRET_KEY=only-while-collecting ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgresql://nobody@localhost/none BROKER_URL=redis://localhost/0 \
    python manage.py collectstatic --noinput
USER meridian
VOLUME /var/lib/meridian/documents
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': 'localhost', 'X-Forwarded-Proto': 'https'}), timeout=2)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--respawn-failed-workers", "billing_site.wsgi:application"]
