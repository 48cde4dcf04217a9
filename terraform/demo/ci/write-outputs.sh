#!/usr/bin/env bash
# Writes what the server and GitLab read of a deployment: outputs.json, `{"url": …, "deployment_id": …}`, and DEMO_URL for
# the environment's link. Nothing else of the state leaves the job.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
EPHEMERAL=${EPHEMERAL_DIR:-$HERE/ephemeral}

terraform -chdir="$EPHEMERAL" output -json outputs >outputs.json
URL=$(sed -n 's/.*"url"[[:space:]]*:[[:space:]]*"\(https:\/\/[a-z0-9./-]*\)".*/\1/p' outputs.json | head -n 1)
if [[ -z $URL ]] || ! grep -q "\"$DEPLOYMENT_ID\"" outputs.json; then
  rm -f outputs.json
  echo "outputs: Terraform names no link of this deployment" >&2
  exit 1
fi
printf 'DEMO_URL=%s\n' "$URL" >deploy.env
cat outputs.json
