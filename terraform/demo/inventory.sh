#!/usr/bin/env bash
# Says what is left of one deployment, and changes nothing.
#
#   inventory.sh <deployment id>
#
# Ends as destroy.sh does: 0 only when a whole inventory was read and is empty, 1 when something is left, 2 when that is
# not known.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=destroy/common.sh
source "$HERE/destroy/common.sh"
# shellcheck source=destroy/kinds.sh
source "$HERE/destroy/kinds.sh"
# shellcheck source=destroy/survey.sh
source "$HERE/destroy/survey.sh"

BUDGET_SECONDS=600

take_settings "${1:-${DEPLOYMENT_ID:-}}"
# shellcheck disable=SC2034 # destroy/common.sh reads it.
ENDS_AT=$(($(now) + BUDGET_SECONDS))
say "inventory: $DEPLOYMENT_ID ($NAME) in $AWS_REGION, by tag and by name"
report
