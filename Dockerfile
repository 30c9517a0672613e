# The session app on a slim Node, as a user without rights: one file. `npm run image` builds and pushes it.
#
# The base is pinned to a release. To pin it to the very bytes, put the digest behind the tag, as in
# node:24.21.0-bookworm-slim@sha256:…; `docker buildx imagetools inspect <image>` (or `skopeo inspect`) prints it.
ARG NODE_IMAGE=public.ecr.aws/docker/library/node:24.21.0-bookworm-slim

# Runs on the builder's own architecture: the bundle is the same for all of them.
FROM --platform=$BUILDPLATFORM $NODE_IMAGE AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY environment environment
COPY webapp webapp
RUN node webapp/build/if-edited.cjs
# The bundle is the same bytes everywhere; an image is only made of those its tag is made of.
ARG BUNDLE_SHA256=
RUN if [ -n "$BUNDLE_SHA256" ]; then echo "$BUNDLE_SHA256  webapp/dist/session-app.js" | sha256sum -c -; fi

# Nothing runs in this stage, so that it is made for another architecture without emulation.
FROM $NODE_IMAGE
LABEL org.opencontainers.image.title="session-app" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=5000
COPY --from=build --chown=0:0 --chmod=0444 /build/webapp/dist/session-app.js /app/
# The licences of the packages in the bundle.
COPY --from=build --chown=0:0 --chmod=0444 /build/webapp/dist/session-app.THIRD-PARTY-NOTICES.txt /app/THIRD-PARTY-NOTICES.txt
# By number, so that an orchestrator can see that it is not root: the image's user "node".
USER 1000:1000
EXPOSE 5000
STOPSIGNAL SIGTERM
# Without arguments it serves; `inspect` is its argument, `inspect count` and `inspect --help` others.
ENTRYPOINT ["node", "/app/session-app.js"]
