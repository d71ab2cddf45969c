# JavaScript is the same on every platform: the build runs on the builder's own, and only the last stage is per platform.
FROM --platform=$BUILDPLATFORM node:26-slim@sha256:ec7758ee051e457b468b32bde57b0879010b325bb9862718e9615225ce4aaae1 AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json spec.json ./
COPY schemas schemas
COPY scripts scripts
COPY src src
RUN npm run build

# What the build leaves out of its one file: DuckDB, for export, in the form for the platform of the last stage.
FROM --platform=$BUILDPLATFORM node:26-slim@sha256:ec7758ee051e457b468b32bde57b0879010b325bb9862718e9615225ce4aaae1 AS production
ARG TARGETARCH
WORKDIR /production
COPY package.json package-lock.json .npmrc ./
RUN case "${TARGETARCH:-$(dpkg --print-architecture)}" in amd64) cpu=x64 ;; *) cpu=arm64 ;; esac \
  && npm ci --ignore-scripts --omit=dev --os=linux --libc=glibc --cpu="$cpu"

FROM node:26-slim@sha256:ec7758ee051e457b468b32bde57b0879010b325bb9862718e9615225ce4aaae1
# Airbyte runs its connectors as user 1000 named airbyte; the base image has given that number to another. The code
# belongs to root, so that the program can't change itself, and nothing that installs packages is there.
RUN userdel --remove node \
  && groupadd --gid 1000 airbyte \
  && useradd --uid 1000 --gid 1000 --home-dir /airbyte --no-create-home airbyte \
  && install --directory /airbyte /airbyte/integration_code \
  && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
COPY --from=production /production/node_modules /airbyte/integration_code/node_modules
COPY --from=build --chmod=755 /build/dist/main.js /airbyte/integration_code/main.js
COPY --from=build /build/dist/THIRD_PARTY_NOTICES /build/dist/contents.cdx.json /airbyte/integration_code/
COPY LICENSE /airbyte/integration_code/

USER airbyte
WORKDIR /airbyte/integration_code
ENV NODE_ENV=production
# Airbyte starts the variable's command and ignores the entrypoint; its tests want the two to be equal.
ENV AIRBYTE_ENTRYPOINT="/usr/local/bin/node /airbyte/integration_code/main.js"
ENTRYPOINT ["/usr/local/bin/node", "/airbyte/integration_code/main.js"]

LABEL io.airbyte.name="airbyte/source-browsee"
LABEL io.airbyte.version="0.1.0"
LABEL org.opencontainers.image.title="source-browsee"
LABEL org.opencontainers.image.licenses="MIT"
