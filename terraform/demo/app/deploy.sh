#!/usr/bin/env bash
# Puts the demo application into the cluster that KUBECONFIG names, and waits until it runs, for at most about six minutes.
#
# DEPLOYMENT_ID, CLUSTER_NAME, AWS_REGION, DEMO_URL: whose demo it is, and where.
# COMMIT, APPLY_STARTED_AT (ISO 8601; else GitLab's CI_JOB_STARTED_AT), PIPELINE_URL: shown by the page, and may be left out.
#
# It may be run again. Nothing it makes is outside the cluster, so nothing of it can be left behind.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
namespace=demo

# How long the roll-out may take, and the control plane to know the right of whoever runs this, which may take a moment.
rollout_timeout_seconds=${ROLLOUT_TIMEOUT_SECONDS:-300}
access_timeout_seconds=${ACCESS_TIMEOUT_SECONDS:-90}
pause_seconds=${PAUSE_SECONDS:-3}

say() { printf '%s\n' "deploy: $*" >&2; }

for name in DEPLOYMENT_ID CLUSTER_NAME AWS_REGION DEMO_URL; do
  if [[ -z "${!name:-}" ]]; then
    say "$name is not set"
    exit 2
  fi
done

uuid='^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
if [[ ! "$DEPLOYMENT_ID" =~ $uuid ]]; then
  say 'DEPLOYMENT_ID is not a UUID in lower case'
  exit 2
fi

# Another cluster's kubeconfig must not get this deployment's page, which would then answer for it.
if [[ "$CLUSTER_NAME" != "demo-${DEPLOYMENT_ID: -12}" ]]; then
  say "$CLUSTER_NAME is not the cluster of $DEPLOYMENT_ID"
  exit 2
fi

kube() { kubectl --request-timeout=20s "$@"; }

wait_for_access() {
  local until_second=$((SECONDS + access_timeout_seconds))
  until kube auth can-i create deployments --namespace "$namespace" >/dev/null 2>&1; do
    if ((SECONDS >= until_second)); then
      say "no access to $CLUSTER_NAME after $access_timeout_seconds s:"
      kube auth can-i create deployments --namespace "$namespace" >&2 || true
      return 1
    fi
    sleep "$pause_seconds"
  done
}

# Whole and at once, so that a page never shows another deployment's facts.
facts() {
  kube create configmap demo-facts --namespace "$namespace" --dry-run=client --output=yaml \
    --from-literal=DEPLOYMENT_ID="$DEPLOYMENT_ID" \
    --from-literal=CLUSTER_NAME="$CLUSTER_NAME" \
    --from-literal=AWS_REGION="$AWS_REGION" \
    --from-literal=COMMIT="${COMMIT:-}" \
    --from-literal=APPLY_STARTED_AT="${APPLY_STARTED_AT:-${CI_JOB_STARTED_AT:-}}" \
    --from-literal=PIPELINE_URL="${PIPELINE_URL:-}"
}

ready_pods() {
  kube get deployment demo --namespace "$namespace" --output=jsonpath='{.status.readyReplicas}' 2>/dev/null || true
}

say "access to $CLUSTER_NAME"
wait_for_access

say "the application, for $DEMO_URL"
kube apply --filename "$here/manifests/namespace.yaml"
# Made whole first: half of them, or none, must not reach the cluster.
configmap=$(facts)
kube apply --filename - <<<"$configmap"
kube apply --kustomize "$here"

if kubectl rollout status deployment/demo --namespace "$namespace" --timeout="${rollout_timeout_seconds}s"; then
  say 'every pod is ready'
  exit 0
fi

# One of two nodes may be missing. What a visitor came for is there all the same.
ready=$(ready_pods)
if [[ "${ready:-0}" -ge 1 ]]; then
  say "$ready of its pods are ready, and that will do"
  exit 0
fi

say 'no pod is ready:'
kube get nodes,pods --all-namespaces --output=wide >&2 || true
kube get events --namespace "$namespace" --sort-by=.lastTimestamp >&2 || true
exit 1
