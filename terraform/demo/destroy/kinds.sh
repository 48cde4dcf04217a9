# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2153 # Queries of AWS's tool have backticks; the other files use the orders.
# How each kind of thing is listed: one row each of id, state, `tag=`, `names=` and `parent=`. These are the kinds of the
# server's own inventory (src/adapters/aws-inventory-table.ts), and the DNS record, which has no tags.

# Makers stand before what they make: what did not exist when its kind was asked has made nothing that came later.
LIST_ORDER='clusters nodegroups load_balancers listeners target_groups auto_scaling_groups
  launch_templates instances nat_gateways volumes security_groups security_group_rules network_interfaces elastic_ips
  dns_records'

# What stands in the way of others goes first; what is still in the way is tried again in the next round.
DELETE_ORDER='autoscaling:autoScalingGroup ec2:instance eks:nodegroup eks:cluster
  elasticloadbalancing:listener elasticloadbalancing:loadbalancer elasticloadbalancing:targetgroup ec2:launch-template
  ec2:natgateway ec2:network-interface ec2:elastic-ip ec2:volume ec2:security-group-rule ec2:security-group
  route53:record'

# Ends with its cluster, whose own row answers for it.
PARTS_OF_A_CLUSTER='eks:access-entry eks:addon eks:fargateprofile eks:podidentityassociation'

# Tags in whose value a deployment's name may stand; in any other tag the name may be somebody's remark.
NAMING_TAGS="['Name', 'eks:cluster-name', 'aws:eks:cluster-name', 'cluster.k8s.amazonaws.com/name', 'elbv2.k8s.aws/cluster', 'KubernetesCluster']"

# columns <id> <state> <tags> <further names> <parent>: the query of one row. No column is ever empty, as bash would skip
# it; every one but the first two says what it is, so that a row that got out of step is noticed.
columns() {
  local tags="not_null($3, \`[]\`)"
  local names="${tags}[?contains($NAMING_TAGS, Key)].Value, ${tags}[?starts_with(Key, 'kubernetes.io/cluster/')].Key"
  printf '%s' "[$1, $2, join('', ['tag=', not_null(${tags}[?Key=='deployment_id'].Value | [0], '')]), "
  printf '%s' "join(' ', ['names=', $4, $names][]), join('', ['parent=', not_null($5, '')])]"
}

# ask <kind> <query> <arguments of aws>: keeps the rows of one list, or says that this kind is not known.
ask() {
  local kind=$1 query=$2
  shift 2
  if aws_call "$@" --query "$query" --output text; then keep "$kind" <"$WORK/answer"; else unknown "$kind" "$CODE"; fi
}

# The names that a query of one column gives, one a line, in LISTED; none when there is no such thing.
list_names() {
  local kind=$1 query=$2
  shift 2
  LISTED=''
  if aws_call "$@" --query "$query" --output text; then
    LISTED=$(<"$WORK/answer")
  elif ! is_absent; then
    unknown "$kind" "$CODE"
  fi
}

# A list of EKS tells no tags, so every cluster is asked; ours by its name as well, since a list may lag behind a create.
list_clusters() {
  local name query="cluster.[name, status, join('', ['tag=', not_null(tags.deployment_id, '')]), join(' ', ['names=', name]), 'parent=']"
  list_names eks:cluster 'clusters[].[@]' eks list-clusters
  [[ $'\n'$LISTED$'\n' == *$'\n'$NAME$'\n'* ]] || LISTED+=$'\n'$NAME
  for name in $LISTED; do
    if aws_call eks describe-cluster --name "$name" --query "$query" --output text; then
      keep eks:cluster <"$WORK/answer"
    elif ! is_absent; then
      unknown eks:cluster "$CODE"
    fi
  done
}

# The groups of our clusters, asked for by them: a group's own name and tags may be anybody's.
list_nodegroups() {
  local kind=eks:nodegroup cluster name
  for cluster in $(mine_of eks:cluster); do
    list_names "$kind" 'nodegroups[].[@]' eks list-nodegroups --cluster-name "$cluster"
    for name in $LISTED; do
      if aws_call eks describe-nodegroup --cluster-name "$cluster" --nodegroup-name "$name" --query 'nodegroup.[status]' --output text; then
        keep "$kind" < <(printf '%s\t%s\ttag=\tnames=\tparent=%s\n' "$cluster/$name" "$(<"$WORK/answer")" "$cluster")
      elif ! is_absent; then
        unknown "$kind" "$CODE"
      fi
    done
  done
}

# A list of load balancers tells no tags; those are asked for, 20 at once. The name is a part of the ARN.
tagged_apart() {
  local kind=$1 list=$2 command=$3 query arns
  query="TagDescriptions[].$(columns ResourceArn "'there'" Tags ResourceArn null)"
  list_names "$kind" "$list" elbv2 "$command"
  # shellcheck disable=SC2206 # A line is an ARN, and none has a space.
  arns=($LISTED)
  while ((${#arns[@]} > 0)); do
    ask "$kind" "$query" elbv2 describe-tags --resource-arns "${arns[@]:0:20}"
    arns=("${arns[@]:20}")
  done
}
list_load_balancers() {
  tagged_apart elasticloadbalancing:loadbalancer 'LoadBalancers[].[LoadBalancerArn]' describe-load-balancers
}
list_target_groups() {
  tagged_apart elasticloadbalancing:targetgroup 'TargetGroups[].[TargetGroupArn]' describe-target-groups
}
list_listeners() {
  local balancer query="Listeners[].[ListenerArn, 'there', 'tag=', 'names=', join('', ['parent=', LoadBalancerArn])]"
  for balancer in $(mine_of elasticloadbalancing:loadbalancer); do
    if aws_call elbv2 describe-listeners --load-balancer-arn "$balancer" --query "$query" --output text; then
      keep elasticloadbalancing:listener <"$WORK/answer"
    elif ! is_absent; then
      unknown elasticloadbalancing:listener "$CODE"
    fi
  done
}

list_auto_scaling_groups() {
  ask autoscaling:autoScalingGroup "AutoScalingGroups[].$(columns AutoScalingGroupName "not_null(Status, 'there')" Tags AutoScalingGroupName null)" \
    autoscaling describe-auto-scaling-groups
}
list_launch_templates() {
  ask ec2:launch-template "LaunchTemplates[].$(columns LaunchTemplateId "'there'" Tags LaunchTemplateName null)" \
    ec2 describe-launch-templates --include-managed-resources
}
list_instances() {
  ask ec2:instance "Reservations[].Instances[].$(columns InstanceId State.Name Tags null null)" ec2 describe-instances --include-managed-resources
}
list_nat_gateways() {
  ask ec2:natgateway "NatGateways[].$(columns NatGatewayId State Tags null null)" ec2 describe-nat-gateways
}
list_volumes() { ask ec2:volume "Volumes[].$(columns VolumeId State Tags null null)" ec2 describe-volumes --include-managed-resources; }
list_security_groups() {
  ask ec2:security-group "SecurityGroups[].$(columns GroupId "'there'" Tags GroupName null)" ec2 describe-security-groups
}
# Every rule of our own groups, whoever wrote it, and the rules of ours in groups that stay.
list_security_group_rules() {
  ask ec2:security-group-rule "SecurityGroupRules[].$(columns "join('/', [SecurityGroupRuleId, GroupId, to_string(IsEgress)])" "'there'" Tags null GroupId)" \
    ec2 describe-security-group-rules
}
# The network plug-in names those it leaves behind after the node, in a tag and in the description: `aws-K8S-<instance>`.
list_network_interfaces() {
  local node="TagSet[?Key=='node.k8s.amazonaws.com/instance_id'].Value | [0], Description"
  ask ec2:network-interface "NetworkInterfaces[].$(columns NetworkInterfaceId Status TagSet Description "$node")" \
    ec2 describe-network-interfaces --include-managed-resources
}
list_elastic_ips() {
  ask ec2:elastic-ip "Addresses[?AllocationId].$(columns AllocationId "'there'" Tags null null)" ec2 describe-addresses
}
# Without a right to look at the zone it stays unseen: it costs nothing and leads nowhere, so no destroy fails for it.
list_dns_records() {
  local query
  [[ -n $ZONE_ID && -n $DOMAIN ]] || return 0
  query="ResourceRecordSets[?Name=='$NAME.$DOMAIN.'].[join(' ', [Name, Type]), 'there', 'tag=', join(' ', ['names=', Name]), 'parent=']"
  if aws_call route53 list-resource-record-sets --hosted-zone-id "$ZONE_ID" --start-record-name "$NAME.$DOMAIN" --no-paginate \
    --query "$query" --output text; then
    keep route53:record <"$WORK/answer"
  else
    tell_once "the DNS record cannot be looked at: $CODE"
  fi
}
