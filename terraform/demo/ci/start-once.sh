#!/usr/bin/env bash
# Lets a deployment be built once, and not too late:
#
#   start-once.sh <deployment id> <start before, as 2026-11-20T09:10:00Z>
#
# Whoever starts an apply later than the server allowed for builds something that nobody waits for. Whoever starts it a
# second time, by hand or by a doubled request, builds again what may have been taken down. The claim is an object that can
# be put once; it stays.
set -euo pipefail

DEPLOYMENT_ID=$1 START_BEFORE=$2
KEY="demo/$DEPLOYMENT_ID/claim"
# One job: a retry has another id.
CLAIM="job ${CI_JOB_ID:?}"
TRIES=5

refuse() {
  printf 'refused: %s\n' "$@" >&2
  echo "This job built nothing. Start a new deployment instead of running it again." >&2
  exit 1
}

# The text must be a date of exactly this form, as then texts are in the order of time. So is `none`, a late one.
[[ $START_BEFORE =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$ ]] ||
  refuse "an apply needs the time before which it has to start, and this has \"$START_BEFORE\"."
NOW=$(date -u +%Y-%m-%dT%H:%M:%SZ)
[[ ! $NOW > $START_BEFORE ]] || refuse "this apply had to start before $START_BEFORE, and it is $NOW now."
echo "start_before: in time"

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
printf '%s' "$CLAIM" >"$WORK/claim"

put() { timeout 60 aws s3api put-object --bucket "$STATE_BUCKET" --key "$KEY" --body "$WORK/claim" --if-none-match '*' >/dev/null 2>"$WORK/problem"; }
read_back() { timeout 60 aws s3api get-object --bucket "$STATE_BUCKET" --key "$KEY" "$WORK/holder" >/dev/null 2>&1; }

for ((try = 1; try <= TRIES; try++)); do
  if put; then
    echo "claim: this job builds $DEPLOYMENT_ID"
    exit 0
  fi
  # The object is there. It may be our own, put by a request whose answer was lost.
  if read_back; then
    [[ $(cat "$WORK/holder") == "$CLAIM" ]] || refuse "$DEPLOYMENT_ID was built before, by $(cat "$WORK/holder")."
    echo "claim: this job builds $DEPLOYMENT_ID"
    exit 0
  fi
  sleep $((try * 3))
done
refuse "the claim could not be put: $(sed -n 's/.*An error occurred (\([A-Za-z0-9._]*\)).*/\1/p' "$WORK/problem" | head -n 1)"
