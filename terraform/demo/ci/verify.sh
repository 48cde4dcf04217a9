#!/usr/bin/env bash
# Looks at the demo as a visitor would, from outside: does it answer at its public address, and with its own id?
#
#   verify.sh <deployment id>
#
# A 200 from something else is not enough. The server asks for itself; this is for whoever reads the pipeline.
set -euo pipefail

DEPLOYMENT_ID=$1
TRIES=20
PAUSE_SECONDS=10

URL=$(sed -n 's/.*"url"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p' outputs.json | head -n 1)
[[ $URL == https://* ]] || {
  echo "verify: outputs.json has no link" >&2
  exit 1
}
PAGE=$(mktemp)
trap 'rm -f "$PAGE"' EXIT

for ((try = 1; try <= TRIES; try++)); do
  # Redirects are not followed: the demo answers itself.
  STATUS=$(curl --silent --output "$PAGE" --max-time 10 --max-filesize 1000000 --write-out '%{http_code}' "$URL" || true)
  if [[ $STATUS == 200 ]] && grep -q -F "$DEPLOYMENT_ID" "$PAGE"; then
    echo "verify: try $try: the page shows $DEPLOYMENT_ID"
    echo "The demo is up: $URL"
    exit 0
  fi
  echo "verify: try $try: not yet (HTTP ${STATUS:-none})"
  ((try == TRIES)) || sleep "$PAUSE_SECONDS"
done
echo "verify: the demo did not answer with its deployment id in time" >&2
exit 1
