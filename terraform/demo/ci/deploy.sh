#!/usr/bin/env bash
# Puts the application into the cluster that was just built (app/deploy.sh), by a kubeconfig that ends with this job.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
EPHEMERAL=${EPHEMERAL_DIR:-$HERE/ephemeral}

CLUSTER_NAME=$(terraform -chdir="$EPHEMERAL" output -raw cluster_name)
DEMO_URL=$(terraform -chdir="$EPHEMERAL" output -raw url)
KUBECONFIG=$(umask 077 && mktemp)
export CLUSTER_NAME DEMO_URL KUBECONFIG COMMIT=${CI_COMMIT_SHA:-} APPLY_STARTED_AT=${CI_JOB_STARTED_AT:-}
# Its own words name the account.
aws eks update-kubeconfig --name "$CLUSTER_NAME" --region "$AWS_REGION" --kubeconfig "$KUBECONFIG" >/dev/null

exec "$HERE/app/deploy.sh"
