# Two images from one build: the server (the last stage, so the default) and, with --target simulator, the GitLab
# simulator of the local stack. docs/adr/0012 says why they look like this. VERSION, REVISION and SOURCE become labels.
ARG NODE_IMAGE=node:24-bookworm-slim
# Pins every stage to one and the same image: --build-arg NODE_DIGEST=sha256:...
ARG NODE_DIGEST=

FROM ${NODE_IMAGE}${NODE_DIGEST:+@}${NODE_DIGEST} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
RUN node scripts/build.js \
 && npm sbom --sbom-format cyclonedx --package-lock-only > dist/npm-sbom.json \
 && node scripts/bundled-sbom.js dist/npm-sbom.json dist/server.packages.json > dist/server/sbom.json \
 && node scripts/bundled-sbom.js dist/npm-sbom.json dist/simulator.packages.json > dist/simulator/sbom.json \
 && node scripts/make-code-cache.js dist/server/bin/server.cjs

FROM ${NODE_IMAGE}${NODE_DIGEST:+@}${NODE_DIGEST} AS runtime
# Leaves no program but Node. Node does it itself, since a shell could not take itself away.
COPY scripts/strip-image.js /tmp/strip-image.js
RUN ["node", "/tmp/strip-image.js"]
ENV NODE_ENV=production
WORKDIR /app
# By number, so that a platform can see that it is not root. The program's files belong to root: it cannot change itself.
USER 1000:1000
ENTRYPOINT ["node"]

FROM runtime AS simulator
ARG VERSION=unknown
ARG REVISION=unknown
ARG SOURCE=
LABEL org.opencontainers.image.title="demo-on-demand GitLab simulator" \
      org.opencontainers.image.description="A simulated GitLab whose pipelines build nothing, for the local stack of demo-on-demand" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
ENV SIMULATOR_HOST=0.0.0.0 SIMULATOR_PORT=4010 SIMULATOR_SITE_HOST=0.0.0.0 SIMULATOR_SITE_PORT=4011
EXPOSE 4010 4011
COPY --from=build /app/dist/simulator /app
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["node", "bin/healthcheck.js", "SIMULATOR_SITE_PORT"]
CMD ["bin/gitlab-simulator.js"]

FROM runtime AS server
ARG VERSION=unknown
ARG REVISION=unknown
ARG SOURCE=
LABEL org.opencontainers.image.title="demo-on-demand" \
      org.opencontainers.image.description="A \"Deploy Live Demo\" button: builds real infrastructure in front of the visitor, and always takes it down again" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
# A task definition without its settings must fail, not serve a simulated demo.
ENV MODE=aws PORT=3000
# One heap for all of Node's threads, of which one does the work: each of the others would keep some megabytes that it has freed.
ENV MALLOC_ARENA_MAX=1
EXPOSE 3000
COPY --from=build /app/dist/server /app
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["node", "bin/healthcheck.js", "PORT"]
# A task of 512 MB holds 5,000 watchers with them; see bench/results.md. What is young has 4 MB, from the start: with less a
# start collects it all the time, with more three times as much lies about.
CMD ["--max-old-space-size=256", "--max-semi-space-size=4", "--min-semi-space-size=4", "bin/server.js"]
