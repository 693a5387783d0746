FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/lead-intake
COPY requirements.lock /src/
RUN /opt/lead-intake/bin/pip install --require-hashes -r /src/requirements.lock
COPY pyproject.toml README.md /src/
COPY models /src/models
COPY intake /src/intake
COPY workers /src/workers
# Hatchling came out of the lock, so that nothing is fetched unpinned.
RUN /opt/lead-intake/bin/pip install --no-deps --no-build-isolation /src

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/lead-intake leads
COPY --from=build /opt/lead-intake /opt/lead-intake
ENV PATH=/opt/lead-intake/bin:$PATH PYTHONUNBUFFERED=1
USER leads
WORKDIR /var/lib/lead-intake
EXPOSE 8000
# One image, one part a container: web by default, else relay, worker or migrate.
ENTRYPOINT ["intake"]
CMD ["web", "--host", "0.0.0.0"]
