# shellcheck shell=bash
# `terraform destroy`, and what becomes of a state lock that nobody lets go.

# A lock is waited for this long.
LOCK_WAIT_SECONDS=600
# Whoever can hold it is ended by his own job's timeout, 60 minutes at most, with a quarter of an hour for clocks.
STALE_LOCK_SECONDS=4500
# Kept free for the sweep, the second try and the last inventory.
STATE_RESERVE_SECONDS=600
LOCKED=3
FAILED=1

# run_destroy <seconds for the lock> <seconds for all of it>. An interrupt lets Terraform write its state; a kill does not.
run_destroy() {
  : >"$WORK/terraform.log"
  if (($2 < 60)); then
    say "state: no time for Terraform"
    return 1
  fi
  timeout --signal=INT --kill-after=60 "$2" terraform -chdir="$EPHEMERAL" destroy -auto-approve -input=false -lock-timeout="$1s" \
    2>&1 | tee "$WORK/terraform.log"
}

is_locked() { grep -q 'Error acquiring the state lock' "$WORK/terraform.log"; }

# Takes the lock away if its holder cannot live any more. Only the very lock that was looked at: whoever took a new one
# meanwhile keeps it. Answers whether the way is free.
break_lock() {
  local modified etag age
  if ! aws_call s3api head-object --bucket "$STATE_BUCKET" --key "$STATE_KEY.tflock" --query '[LastModified, ETag]' --output text; then
    is_absent && return 0
    say "lock: cannot be looked at: $CODE"
    return 1
  fi
  IFS=$'\t' read -r modified etag <"$WORK/answer"
  if ! age=$(date -u -d "$modified" +%s 2>/dev/null); then
    say "lock: its age cannot be read"
    return 1
  fi
  age=$(($(now) - age))
  if ((age <= STALE_LOCK_SECONDS)) && [[ $HOLDERS_ENDED != true ]]; then
    say "lock: $((age / 60)) minutes old, its holder may be at work"
    return 1
  fi
  if ! aws_call s3api delete-object --bucket "$STATE_BUCKET" --key "$STATE_KEY.tflock" --if-match "$etag"; then
    say "lock: not broken: $CODE"
    return 1
  fi
  say "lock: $((age / 60)) minutes old, and nobody holds it any more: broken"
}

# Answers 0 when Terraform destroyed all that its state knows, LOCKED, or FAILED: no state, half of one, no provider, an
# error of AWS. What is wrong with it does not matter, as the sweep does without a state.
destroy_by_state() {
  # The bucket's name may hold the account.
  say "state: $STATE_KEY"
  if ! timeout --kill-after=10 180 "$HERE/ci/terraform-init.sh"; then
    say "state: cannot be read; the sweep does without"
    return "$FAILED"
  fi
  run_destroy "$LOCK_WAIT_SECONDS" "$(($(remaining) - STATE_RESERVE_SECONDS))" && return 0
  if is_locked; then
    break_lock || return "$LOCKED"
    run_destroy 30 "$(($(remaining) - STATE_RESERVE_SECONDS))" && return 0
    is_locked && return "$LOCKED"
  fi
  say "state: Terraform did not destroy everything; the sweep goes on"
  return "$FAILED"
}

# Once more after the sweep, if there is time. It decides nothing: the inventory does.
destroy_by_state_again() {
  run_destroy 30 "$(($(remaining) - 120))" || say "state: not emptied; what counts is what is left"
}
