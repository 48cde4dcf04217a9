# shellcheck shell=bash
# Deletes by tag and by derived name what the Terraform state does not know, in rounds, until nothing is left.

# Kept free at the end for the second `terraform destroy` and the last inventory.
SWEEP_RESERVE_SECONDS=300
# So many rounds in a row without any change end it: what cannot be deleted is named, not tried for ever.
IDLE_ROUNDS=7
UNKNOWN_ROUNDS=2
ROUND_SECONDS=40

# delete_one <kind> <id>: the one call that deletes it. Only what `survey` found to be ours comes here.
delete_one() {
  local kind=$1 id=$2
  case $kind in
    autoscaling:autoScalingGroup) aws_call autoscaling delete-auto-scaling-group --auto-scaling-group-name "$id" --force-delete ;;
    ec2:instance) aws_call ec2 terminate-instances --instance-ids "$id" ;;
    eks:nodegroup) aws_call eks delete-nodegroup --cluster-name "${id%%/*}" --nodegroup-name "${id#*/}" ;;
    eks:cluster) aws_call eks delete-cluster --name "$id" ;;
    elasticloadbalancing:listener) aws_call elbv2 delete-listener --listener-arn "$id" ;;
    elasticloadbalancing:loadbalancer) aws_call elbv2 delete-load-balancer --load-balancer-arn "$id" ;;
    elasticloadbalancing:targetgroup) aws_call elbv2 delete-target-group --target-group-arn "$id" ;;
    ec2:launch-template) aws_call ec2 delete-launch-template --launch-template-id "$id" ;;
    ec2:natgateway) aws_call ec2 delete-nat-gateway --nat-gateway-id "$id" ;;
    ec2:network-interface) aws_call ec2 delete-network-interface --network-interface-id "$id" ;;
    ec2:elastic-ip) aws_call ec2 release-address --allocation-id "$id" ;;
    ec2:volume) aws_call ec2 delete-volume --volume-id "$id" ;;
    ec2:security-group-rule) revoke_rule "$id" ;;
    ec2:security-group) aws_call ec2 delete-security-group --group-id "$id" ;;
    route53:record) delete_record "$id" ;;
    *)
      CODE='nothing here deletes this kind'
      return 1
      ;;
  esac
}

# A rule's id is `<rule>/<group>/<whether it is for what goes out>`.
revoke_rule() {
  local rule group is_egress
  IFS=/ read -r rule group is_egress <<<"$1"
  if [[ $is_egress == true ]]; then
    aws_call ec2 revoke-security-group-egress --group-id "$group" --security-group-rule-ids "$rule"
  else
    aws_call ec2 revoke-security-group-ingress --group-id "$group" --security-group-rule-ids "$rule"
  fi
}

# Route 53 deletes a record only when it is told exactly what stands there.
delete_record() {
  local type=${1##* } query set
  query="ResourceRecordSets[?Name=='$NAME.$DOMAIN.' && Type=='$type'] | [0]"
  aws_call route53 list-resource-record-sets --hosted-zone-id "$ZONE_ID" --start-record-name "$NAME.$DOMAIN" --no-paginate --query "$query" --output json || return 1
  set=$(<"$WORK/answer")
  [[ $set == null ]] && return 0
  aws_call route53 change-resource-record-sets --hosted-zone-id "$ZONE_ID" \
    --change-batch "{\"Changes\":[{\"Action\":\"DELETE\",\"ResourceRecordSet\":$set}]}"
}

# Deletes everything of one kind that is not going already. One that cannot be deleted keeps nobody else from it.
delete_kind() {
  local wanted=$1 kind id state
  while IFS=$'\t' read -r kind id state; do
    [[ $kind == "$wanted" ]] || continue
    is_going "$state" && continue
    # It goes with what it is attached to, or stays and is named.
    [[ $state == in-use ]] && continue
    if delete_one "$kind" "$id"; then
      say "sweep: deleting $(label "$kind" "$id")"
    elif ! is_absent; then
      tell_once "sweep: cannot delete $(label "$kind" "$id"): $CODE"
    fi
  done <<<"$LEFT"
}

# Whether this goes on. What is being deleted may take as long as a cluster does; what only cannot be read, not so long.
may_go_on() {
  local idle=$1 patience=$IDLE_ROUNDS
  [[ -n $LEFT ]] || patience=$UNKNOWN_ROUNDS
  if ((idle >= patience)) && ! has_going; then
    say "sweep: nothing has changed in $idle rounds"
    return 1
  fi
  if (($(remaining) < SWEEP_RESERVE_SECONDS + ROUND_SECONDS)); then
    say "sweep: out of time"
    return 1
  fi
}

sweep() {
  local kind before='' idle=0
  say "sweep: looking for what no state knows, by the tag deployment_id and by the name $NAME"
  while true; do
    survey
    if [[ -z $LEFT && -z $UNKNOWN ]]; then
      say "sweep: nothing is left"
      return 0
    fi
    if [[ $LEFT$UNKNOWN == "$before" ]]; then idle=$((idle + 1)); else idle=0; fi
    before=$LEFT$UNKNOWN
    for kind in $DELETE_ORDER; do delete_kind "$kind"; done
    may_go_on "$idle" || return 0
    sleep "$ROUND_SECONDS"
  done
}

# Whether anything is being deleted, which may take as long as a cluster does.
has_going() {
  local kind id state
  while IFS=$'\t' read -r kind id state; do
    is_going "$state" && return 0
  done <<<"$LEFT"
  return 1
}
