# The program alone, on Debian 12, with the C libraries that it links to.
FROM swift:6.2-bookworm AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends libjemalloc-dev librdkafka-dev libsqlite3-dev libxxhash-dev libmicrohttpd-dev \
    libcjose-dev libjansson-dev zlib1g-dev pkg-config \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN swift build -c release --product partner-pulse --static-swift-stdlib \
  && install -s "$(swift build -c release --static-swift-stdlib --show-bin-path)/partner-pulse" /usr/local/bin/

FROM debian:12-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates libjemalloc2 librdkafka1 libsqlite3-0 libstdc++6 libxxhash0 \
    libmicrohttpd12 libcjose0 libjansson4 zlib1g \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --create-home --home-dir /var/lib/partner-pulse partner-pulse
COPY --from=build /usr/local/bin/partner-pulse /usr/local/bin/
USER partner-pulse
WORKDIR /var/lib/partner-pulse
ENTRYPOINT ["partner-pulse"]
CMD ["--help"]
