# The Debian package (scripts/package) on Debian 12, and nothing else.
FROM swift:6.2-bookworm AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends libjemalloc-dev librdkafka-dev libsqlite3-dev libxxhash-dev libmicrohttpd-dev \
    libcjose-dev libjansson-dev libcurl4-openssl-dev zlib1g-dev pkg-config dpkg-dev binutils python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
# The date of all that is packaged, for the same bytes at any time.
ARG SOURCE_DATE_EPOCH
RUN scripts/package --output /packages

FROM debian:12-slim
RUN --mount=type=bind,from=build,source=/packages,target=/packages \
  apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates /packages/*.deb \
  && rm -rf /var/lib/apt/lists/*
USER partner-pulse
WORKDIR /var/lib/partner-pulse
ENTRYPOINT ["partner-pulse"]
CMD ["--help"]
