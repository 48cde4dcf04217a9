/**
 * The attributes a plan lists for each type of resource: `name?` is known only after the apply, `name=value` is known
 * before, `name:tags` is a block. In values, `{name}` stands for the deployment's resource name, `{key}` for what tells
 * resources of one type apart, `{hex}` for digits.
 */
export const RESOURCE_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_eks_cluster: `
    arn? bootstrap_self_managed_addons=true certificate_authority? cluster_id? created_at? deletion_protection=false
    endpoint? id? identity? name="{name}" platform_version? region="eu-central-1"
    role_arn="arn:aws:iam::111122223333:role/demo-on-demand-eks-cluster" status? tags:tags tags_all:tags version="1.35"
    access_config? kubernetes_network_config? upgrade_policy? vpc_config?
  `,
  aws_eks_access_entry: `
    access_entry_arn? cluster_name="{name}" created_at? id? kubernetes_groups? modified_at? principal_arn="{key}"
    region="eu-central-1" tags:tags tags_all:tags type? user_name?
  `,
  aws_eks_access_policy_association: `
    associated_at? cluster_name="{name}" id? modified_at?
    policy_arn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy" principal_arn="{key}"
    region="eu-central-1" access_scope?
  `,
  aws_launch_template: `
    arn? default_version? description="Nodes of {name}" id? image_id="ami-{hex}"
    instance_initiated_shutdown_behavior="terminate" instance_type="t4g.small" latest_version? name="{name}" name_prefix?
    region="eu-central-1" tags:tags tags_all:tags update_default_version=true user_data? block_device_mappings?
    iam_instance_profile? metadata_options? network_interfaces? tag_specifications:tags
  `,
  aws_autoscaling_group: `
    arn? availability_zones? default_cooldown? desired_capacity=2 force_delete=true health_check_grace_period=300
    health_check_type="EC2" id? max_size=2 metrics_granularity="1Minute" min_size=2 name="{name}" name_prefix?
    protect_from_scale_in=false region="eu-central-1" service_linked_role_arn? suspended_processes=["AZRebalance"]
    target_group_arns? vpc_zone_identifier=["subnet-{hex}"] wait_for_capacity_timeout="5m" mixed_instances_policy?
    tag:tags
  `,
  aws_lb: `
    arn? arn_suffix? dns_name? enable_cross_zone_load_balancing=true enable_deletion_protection=false id? internal=false
    ip_address_type? load_balancer_type="network" name="{name}" name_prefix? region="eu-central-1"
    security_groups=["sg-{hex}"] subnets=["subnet-{hex}"] tags:tags tags_all:tags vpc_id? zone_id? subnet_mapping?
  `,
  aws_lb_target_group: `
    arn? arn_suffix? connection_termination=true deregistration_delay="0" id? ip_address_type? name="{name}"
    name_prefix? port=30080 preserve_client_ip="false" protocol="TCP" protocol_version? proxy_protocol_v2=false
    region="eu-central-1" tags:tags tags_all:tags target_type="instance" vpc_id="vpc-{hex}" health_check? stickiness?
  `,
  aws_lb_listener: `
    alpn_policy="None" arn? certificate_arn="arn:aws:acm:eu-central-1:111122223333:certificate/{name}" id?
    load_balancer_arn? port=443 protocol="TLS" region="eu-central-1" ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06"
    tags:tags tags_all:tags tcp_idle_timeout_seconds? default_action?
  `,
  aws_route53_record: `
    allow_overwrite? fqdn? id? name="{name}.demo.example.com" type="A" zone_id="Z0DEMO" alias?
  `,
};
