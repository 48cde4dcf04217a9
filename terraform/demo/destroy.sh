#!/usr/bin/env bash
# Takes one deployment down, whatever state it is in, and proves it: drain, `terraform destroy`, delete what the state
# does not know, inventory. The pipeline and the second destroyer run the same file; running it again does no harm.
#
#   destroy.sh [--holders-ended] <deployment id>
#
# --holders-ended  every job and build that may have held the state lock is known to have ended: a young lock is broken
#                  as well (also: LOCK_HOLDERS_ENDED=true).
#
# Ends with 0 only when a whole inventory was read and is empty; 1 when something is left, 2 when that is not known,
# 3 when somebody else holds the state; each time the last lines name what is left. 64: called in a wrong way.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=destroy/common.sh
source "$HERE/destroy/common.sh"
# shellcheck source=destroy/kinds.sh
source "$HERE/destroy/kinds.sh"
# shellcheck source=destroy/survey.sh
source "$HERE/destroy/survey.sh"
# shellcheck source=destroy/sweep.sh
source "$HERE/destroy/sweep.sh"
# shellcheck source=destroy/state.sh
source "$HERE/destroy/state.sh"
# shellcheck source=destroy/drain.sh
source "$HERE/destroy/drain.sh"

# All of it ends within this: the server cancels a destroy after 40 minutes, and GitLab ends the job after 50.
BUDGET_SECONDS=2040

HOLDERS_ENDED=${LOCK_HOLDERS_ENDED:-false}
if [[ ${1:-} == --holders-ended ]]; then
  HOLDERS_ENDED=true
  shift
fi
take_settings "${1:-${DEPLOYMENT_ID:-}}"
ENDS_AT=$(($(now) + BUDGET_SECONDS))

say "destroy: $DEPLOYMENT_ID ($NAME) in $AWS_REGION"
drain
# Under somebody else's lock nothing is deleted: it may be an apply on its last legs, which would make it again.
STATE=destroyed
destroy_by_state || STATE=$?
if [[ $STATE == "$LOCKED" ]]; then
  report || true
  say "destroy: the state is locked by somebody else; nothing was deleted"
  exit 3
fi
sweep
# What the sweep deleted still stands in the state; this empties it, and finds what only the state knows.
[[ $STATE == destroyed ]] || destroy_by_state_again
report
