# The server, the worker and the migration are the same image with different commands (docker-compose.yml).
# Debian, not Alpine: Temporal's native module is built for glibc.
FROM node:24-bookworm-slim

ENV NODE_ENV=production
WORKDIR /app

COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force

COPY machines ./machines
COPY workflows ./workflows
COPY activities ./activities
COPY db ./db
COPY school ./school
COPY server ./server
COPY runtime ./runtime

# Made once, not at every start of a worker.
RUN node runtime/cli.ts bundle /app/workflow-bundle.cjs
ENV WORKFLOW_BUNDLE=/app/workflow-bundle.cjs

USER node
EXPOSE 3000
CMD ["node", "runtime/server.ts"]
