# shellcheck shell=bash
# shellcheck disable=SC2034 # The other files use these.
# Words, time, settings, and the one way in which AWS is called. It runs on bash 3.2 and later.

# Patterns mean ASCII, and sed does not stumble over bytes.
export LC_ALL=C

UUID='^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
# A request that takes longer will not come back; what it would have said is asked again anyway. After one that did not,
# the next ones get less: where nothing answers, 20 requests must not take 20 minutes.
CALL_SECONDS=60
CALL_AFTER_SILENCE_SECONDS=10

say() { printf '%s\n' "$*"; }

CALL_LIMIT=$CALL_SECONDS

# For what is the same in every round.
TOLD=''
tell_once() {
  [[ $TOLD == *"$1"$'\n'* ]] && return 0
  TOLD+="$1"$'\n'
  say "$1"
}

misuse() {
  printf '%s\n' "$*" >&2
  exit 64
}

now() { date -u +%s; }

remaining() { echo $((ENDS_AT - $(now))); }

# The value of a key in a JSON file of Terraform's variables; nothing when there is none.
setting() {
  [[ -r $2 ]] || return 0
  sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"\([^\"]*\)\".*/\1/p" "$2" | head -n 1
}

# Everything is derived from the id. It must be a whole one: a shorter one would be a name of others, too.
take_settings() {
  local name persistent
  DEPLOYMENT_ID=$1
  [[ $DEPLOYMENT_ID =~ $UUID ]] || misuse "usage: ${0##*/} <deployment id, a lower-case UUID>"
  for name in AWS_REGION STATE_BUCKET DEMO_INSTALLATION; do
    [[ -n ${!name:-} ]] || misuse "$name is not set"
  done
  NAME="demo-${DEPLOYMENT_ID##*-}"
  STATE_KEY="demo/$DEPLOYMENT_ID/terraform.tfstate"
  EPHEMERAL=${EPHEMERAL_DIR:-$HERE/ephemeral}
  persistent="$EPHEMERAL/persistent.auto.tfvars.json"
  ZONE_ID=$(setting zone_id "$persistent")
  DOMAIN=$(setting domain "$persistent")
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
  # Throttled calls are tried again by the tool itself, a few times and with growing waits.
  export AWS_REGION AWS_DEFAULT_REGION=$AWS_REGION AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=5 AWS_PAGER=''
  export DEPLOYMENT_ID STATE_BUCKET EPHEMERAL_DIR=$EPHEMERAL
  export TF_IN_AUTOMATION=1 TF_INPUT=0 TF_DATA_DIR="$WORK/terraform"
  export TF_VAR_deployment_id=$DEPLOYMENT_ID TF_VAR_region=$AWS_REGION TF_VAR_installation=$DEMO_INSTALLATION
}

# Calls AWS. The answer is in $WORK/answer, whole or not at all: of a list that broke off in the middle nothing is kept.
# When it fails, CODE says how in one word of AWS; its sentences hold account ids.
aws_call() {
  local status=0
  CODE=''
  timeout --kill-after=5 "$CALL_LIMIT" aws "$@" </dev/null >"$WORK/answer" 2>"$WORK/problem" || status=$?
  if ((status == 124 || status == 137)); then
    CODE="no answer within $CALL_LIMIT s"
    CALL_LIMIT=$CALL_AFTER_SILENCE_SECONDS
  else
    CALL_LIMIT=$CALL_SECONDS
  fi
  ((status == 0)) && return 0
  : >"$WORK/answer"
  [[ -z $CODE ]] || return 1
  CODE=$(sed -n 's/.*An error occurred (\([A-Za-z0-9._]*\)).*/\1/p' "$WORK/problem" | head -n 1)
  CODE=${CODE:-"aws ended with $status"}
  return 1
}

# Whether AWS said that there is no such thing, which is what a delete wants.
is_absent() {
  case $CODE in
    404 | *NotFound | *NotFoundException) return 0 ;;
  esac
  return 1
}
