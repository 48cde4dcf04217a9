/**
 * The attributes a plan lists for each type of resource: `name?` is known only after the apply, `name=value` is known
 * before, `name:tags`, `name:policy` and `name:metadata` are blocks. In values, `{name}` stands for the deployment's
 * resource name, `{key}` for what tells resources of one type apart, `{hex}` and `{octet}` for digits.
 */
export const RESOURCE_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_vpc: `
    arn? cidr_block="10.42.0.0/16" default_network_acl_id? default_route_table_id? default_security_group_id?
    dhcp_options_id? enable_dns_hostnames=true enable_dns_support=true enable_network_address_usage_metrics? id?
    instance_tenancy="default" ipv6_association_id? ipv6_cidr_block? main_route_table_id? owner_id?
    region="eu-central-1" tags:tags tags_all:tags
  `,
  aws_internet_gateway: `
    arn? id? owner_id? region="eu-central-1" tags:tags tags_all:tags vpc_id?
  `,
  aws_subnet: `
    arn? assign_ipv6_address_on_creation=false availability_zone="{key}" availability_zone_id?
    cidr_block="10.42.{octet}.0/24" enable_dns64=false id? ipv6_cidr_block_association_id? ipv6_native=false
    map_public_ip_on_launch=true owner_id? private_dns_hostname_type_on_launch? region="eu-central-1" tags:tags
    tags_all:tags vpc_id?
  `,
  aws_route_table: `
    arn? id? owner_id? propagating_vgws? region="eu-central-1" route? tags:tags tags_all:tags vpc_id?
  `,
  aws_route: `
    destination_cidr_block="0.0.0.0/0" gateway_id? id? instance_id? instance_owner_id? network_interface_id?
    origin? region="eu-central-1" route_table_id? state?
  `,
  aws_route_table_association: `
    id? region="eu-central-1" route_table_id? subnet_id?
  `,
  aws_security_group: `
    arn? description="{key} of {name}" egress? id? ingress? name="{name}-{key}" name_prefix? owner_id?
    region="eu-central-1" revoke_rules_on_delete=false tags:tags tags_all:tags vpc_id?
  `,
  aws_vpc_security_group_ingress_rule: `
    arn? description="{key}" from_port=443 id? ip_protocol="tcp" referenced_security_group_id?
    region="eu-central-1" security_group_id? security_group_rule_id? tags:tags tags_all:tags to_port=443
  `,
  aws_vpc_security_group_egress_rule: `
    arn? cidr_ipv4="0.0.0.0/0" description="{key}" id? ip_protocol="-1" region="eu-central-1" security_group_id?
    security_group_rule_id? tags:tags tags_all:tags
  `,
  aws_iam_role: `
    arn? assume_role_policy:policy create_date? force_detach_policies=true id? managed_policy_arns?
    max_session_duration=3600 name="{name}-{key}" name_prefix? path="/"
    permissions_boundary="arn:aws:iam::111122223333:policy/demo-boundary" tags:tags tags_all:tags unique_id?
  `,
  aws_iam_role_policy_attachment: `
    id? policy_arn="arn:aws:iam::aws:policy/{key}" role="{name}"
  `,
  aws_iam_instance_profile: `
    arn? create_date? id? name="{name}-node" name_prefix? path="/" role="{name}-node" tags:tags tags_all:tags
    unique_id?
  `,
  aws_iam_openid_connect_provider: `
    arn? client_id_list=["sts.amazonaws.com"] id? tags:tags tags_all:tags thumbprint_list? url?
  `,
  aws_eks_cluster: `
    arn? bootstrap_self_managed_addons=true certificate_authority? cluster_id? created_at?
    deletion_protection=false endpoint? id? identity? name="{name}" platform_version? region="eu-central-1"
    role_arn? status? tags:tags tags_all:tags version="1.34" access_config? kubernetes_network_config?
    upgrade_policy? vpc_config?
  `,
  aws_eks_access_entry: `
    access_entry_arn? cluster_name="{name}" created_at? id? kubernetes_groups? modified_at? principal_arn?
    region="eu-central-1" tags:tags tags_all:tags type="EC2_LINUX" user_name?
  `,
  aws_eks_access_policy_association: `
    associated_at? cluster_name="{name}" id? modified_at?
    policy_arn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy" principal_arn?
    region="eu-central-1"
  `,
  aws_cloudwatch_log_group: `
    arn? id? log_group_class? name="/demo/{name}/web" name_prefix? region="eu-central-1" retention_in_days=1
    skip_destroy=false tags:tags tags_all:tags
  `,
  aws_launch_template: `
    arn? default_version? id? image_id="ami-{hex}" instance_type="t4g.medium" latest_version? name="{name}"
    name_prefix? region="eu-central-1" tags:tags tags_all:tags update_default_version=true user_data?
    metadata_options? iam_instance_profile?
  `,
  aws_autoscaling_group: `
    arn? availability_zones? default_cooldown? desired_capacity=1 force_delete=true
    health_check_grace_period=300 health_check_type? id? max_size=1 metrics_granularity="1Minute" min_size=1
    name="{name}" name_prefix? protect_from_scale_in=false region="eu-central-1" service_linked_role_arn?
    target_group_arns? vpc_zone_identifier? wait_for_capacity_timeout="10m" launch_template? tag:tags
  `,
  aws_lb: `
    arn? arn_suffix? dns_name? enable_cross_zone_load_balancing=false enable_deletion_protection=false id?
    internal? ip_address_type? load_balancer_type="network" name="{name}" name_prefix? region="eu-central-1"
    security_groups? subnets? tags:tags tags_all:tags vpc_id? zone_id? subnet_mapping?
  `,
  aws_lb_target_group: `
    arn? arn_suffix? connection_termination? deregistration_delay="5" id? ip_address_type? name="{name}"
    name_prefix? port=30080 preserve_client_ip? protocol="TCP" protocol_version? proxy_protocol_v2=false
    region="eu-central-1" tags:tags tags_all:tags target_type="instance" vpc_id? health_check? stickiness?
  `,
  aws_lb_listener: `
    alpn_policy? arn? certificate_arn? id? load_balancer_arn? port=80 protocol="TCP" region="eu-central-1"
    ssl_policy? tags:tags tags_all:tags tcp_idle_timeout_seconds? default_action?
  `,
  aws_route53_record: `
    allow_overwrite? fqdn? id? name="{name}" type="A" zone_id="Z0DEMO" alias?
  `,
  random_password: `
    bcrypt_hash=(sensitive value) id? length=21 lower=true min_lower=0 min_numeric=0 min_special=0 min_upper=0
    number=true numeric=true result=(sensitive value) special=false upper=true
  `,
  kubernetes_namespace_v1: `
    id? wait_for_default_service_account=true metadata:metadata
  `,
  kubernetes_service_account_v1: `
    automount_service_account_token=true default_secret_name? id? metadata:metadata
  `,
  kubernetes_secret_v1: `
    data=(sensitive value) id? immutable=false type="Opaque" wait_for_service_account_token=true
    metadata:metadata
  `,
  kubernetes_config_map_v1: `
    data? id? immutable=false metadata:metadata
  `,
  kubernetes_deployment_v1: `
    id? wait_for_rollout=true metadata:metadata min_ready_seconds=0 paused=false progress_deadline_seconds=600
    replicas=2 revision_history_limit=10 selector? strategy? template?
  `,
  kubernetes_service_v1: `
    id? status? wait_for_load_balancer=false metadata:metadata allocate_load_balancer_node_ports=true
    cluster_ip? external_traffic_policy? health_check_node_port? internal_traffic_policy? ip_families?
    session_affinity="None" type="NodePort" port?
  `,
  kubernetes_network_policy_v1: `
    id? metadata:metadata pod_selector? policy_types=["Ingress", "Egress"] ingress? egress?
  `,
  kubernetes_pod_disruption_budget_v1: `
    id? metadata:metadata max_unavailable? min_available="1" selector?
  `,
};
