#!/usr/bin/env bash
# Prepares Terraform for the state of one deployment, and for no other. Providers come from the image, in the versions of
# the lock file: what is destroyed next month is destroyed by what built it.
set -euo pipefail

EPHEMERAL=${EPHEMERAL_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../ephemeral" && pwd)}

exec terraform -chdir="$EPHEMERAL" init -input=false -reconfigure -lockfile=readonly \
  -backend-config="bucket=$STATE_BUCKET" -backend-config="key=demo/$DEPLOYMENT_ID/terraform.tfstate" \
  -backend-config="region=$AWS_REGION" -backend-config=use_lockfile=true -backend-config=encrypt=true
