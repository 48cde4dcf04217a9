# shellcheck shell=bash
# Everything that AWS knows of this deployment, and what that means.
# LEFT: lines of kind, id and state. UNKNOWN: lines of what could not be read. MINE: every id of ours, what is gone included.

# Whether a thing is this deployment's. A tag that can be read decides, whatever the name; without one the name does, as a
# killed apply tags nothing any more, or the thing that it belongs to.
is_mine() {
  local tag=$1 names=$2 parent=$3
  if [[ $tag =~ $UUID ]]; then
    [[ $tag == "$DEPLOYMENT_ID" ]]
    return
  fi
  [[ $names =~ (^|[^0-9a-z])$NAME([^0-9a-z]|$) ]] && return 0
  [[ -n $parent && $MINE == *" ${parent#aws-K8S-} "* ]]
}

unknown() { UNKNOWN+="$1: $2"$'\n'; }

# keep <kind>: takes rows from the standard input and keeps those that are ours.
keep() {
  local kind=$1 id state tag names parent
  while IFS=$'\t' read -r id state tag names parent; do
    [[ -n $id ]] || continue
    if [[ $id == None || $tag != tag=* || $names != names=* || $parent != parent=* ]]; then
      unknown "$kind" 'a row that cannot be read'
      continue
    fi
    is_mine "${tag#tag=}" "${names#names=}" "${parent#parent=}" || continue
    MINE+="$id "
    case $state in
      terminated | deleted) ;;
      *) LEFT+="$kind"$'\t'"$id"$'\t'"$state"$'\n' ;;
    esac
  done
}

# The ids of ours of that kind that still exist.
mine_of() {
  local wanted=$1 kind id
  while IFS=$'\t' read -r kind id _; do
    [[ $kind == "$wanted" ]] && printf '%s\n' "$id"
  done <<<"$LEFT"
  return 0
}

is_going() {
  case $1 in
    shutting-down | deleting | DELETING | 'Delete in progress') return 0 ;;
  esac
  return 1
}

# The tagging API lists for hours what is gone, so it proves nothing; but it also names what has no row in kinds.sh.
nominate() {
  local service path type query='ResourceTagMappingList[].[ResourceARN]'
  if ! aws_call resourcegroupstaggingapi get-resources --tag-filters "Key=deployment_id,Values=$DEPLOYMENT_ID" --query "$query" --output text; then
    unknown tag:resources "$CODE"
    return 0
  fi
  while IFS=: read -r _ _ service _ _ path; do
    [[ -n $service ]] || continue
    type="$service:${path%%[/:]*}"
    [[ " ${DELETE_ORDER//$'\n'/ } $PARTS_OF_A_CLUSTER " == *" $type "* ]] ||
      unknown "$type" 'tagged as ours, and nothing here knows this kind'
  done <"$WORK/answer"
}

# The layer that stays has security groups with our mark. Who cannot see one looks into another account or region, and
# would take all of it for empty.
see_landmark() {
  local query="SecurityGroups[?!(Tags[?Key=='deployment_id'])].[GroupId]"
  if ! aws_call ec2 describe-security-groups --filters "Name=tag:demo_installation,Values=$DEMO_INSTALLATION" --query "$query" --output text; then
    unknown landmark "$CODE"
  elif ! grep -q '^sg-' "$WORK/answer"; then
    unknown landmark "no security group of the installation $DEMO_INSTALLATION: is this the right account and region?"
  fi
}

survey() {
  local kinds
  LEFT='' UNKNOWN='' MINE=' '
  for kinds in $LIST_ORDER; do "list_$kinds"; done
  nominate
  see_landmark
}

# What is shown of an id: of an ARN its last part, since the others hold the account.
label() { printf '%s %s' "$1" "${2##*:}"; }

# One line for each thing that is left, and one for what is not known.
show_left() {
  local kind id state
  while IFS=$'\t' read -r kind id state; do
    [[ -n $kind ]] || continue
    say "left: $(label "$kind" "$id") ($state)"
  done <<<"$LEFT"
  printf '%s' "$UNKNOWN" | sort -u | sed 's/^/unknown: /'
}

count() { printf '%s' "$1" | grep -c . || true; }

# Reads the inventory, three times at most while it is not known, and says what it means. Never empty unless all was read.
report() {
  local try
  for try in 1 2 3; do
    survey
    if [[ -z $UNKNOWN ]] || ((try == 3 || $(remaining) < 60)); then break; fi
    sleep 20
  done
  show_left
  if [[ -n $LEFT ]]; then
    say "inventory: $(count "$LEFT") left"
    return 1
  fi
  if [[ -n $UNKNOWN ]]; then
    say "inventory: unknown, which is not empty"
    return 2
  fi
  say "inventory: empty"
}
