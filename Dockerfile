# The bot as an image: two stages, the second without pip, compilers or root.
# Behind a proxy that signs for other sites, hand its certificate in as the build secret `extra_ca`
# (EXTRA_CA_FILE in docker-compose.yml), and an index of your own as PIP_INDEX_URL.
FROM debian:bookworm-slim AS build
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends python3 python3-venv ca-certificates >/dev/null \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements.lock pyproject.toml README.md LICENSE ./
ARG PIP_INDEX_URL
RUN --mount=type=secret,id=extra_ca \
    cat /etc/ssl/certs/ca-certificates.crt /run/secrets/extra_ca 2>/dev/null >/tmp/ca.crt; \
    [ -n "$PIP_INDEX_URL" ] || unset PIP_INDEX_URL; \
    python3 -m venv /opt/runbook-bot \
 && PIP_CERT=/tmp/ca.crt /opt/runbook-bot/bin/pip install --quiet --no-cache-dir --disable-pip-version-check \
      --require-hashes --only-binary :all: -r requirements.lock \
 && rm /tmp/ca.crt
COPY bot bot
COPY runbooks runbooks
RUN /opt/runbook-bot/bin/pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps \
      --no-build-isolation . \
 && /opt/runbook-bot/bin/pip uninstall --quiet --yes pip \
 && /opt/runbook-bot/bin/python -m compileall -q /opt/runbook-bot/lib

FROM debian:bookworm-slim AS bot
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends python3 ca-certificates tzdata >/dev/null \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10502 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin runbook
COPY --from=build /opt/runbook-bot /opt/runbook-bot
ENV PATH=/opt/runbook-bot/bin:$PATH PYTHONDONTWRITEBYTECODE=1 RUNBOOK_BOT_LOG_FORMAT=json
USER 10502:10502
ENTRYPOINT ["runbook-bot"]
CMD ["serve"]

# Only for trying out: the local Slack listens on loopback, and socat passes its page on to the port
# that compose publishes on this machine's loopback.
FROM bot AS local-slack
USER root
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends socat >/dev/null \
 && rm -rf /var/lib/apt/lists/*
COPY deploy/compose/local-slack.sh /usr/local/bin/local-slack
USER 10502:10502
ENTRYPOINT ["/usr/local/bin/local-slack"]
CMD []
