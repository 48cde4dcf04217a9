output "url" {
  description = "Where the demo answers."
  value       = "https://${local.host}/"
}

output "cluster_name" {
  description = "The name of the cluster, and of everything else."
  value       = aws_eks_cluster.demo.name
}

output "deployment_id" {
  description = "Whose demo it is."
  value       = var.deployment_id
}

output "outputs" {
  description = "outputs.json, as the server reads it (src/adapters/gitlab-live-url.ts)."
  value       = { url = "https://${local.host}/", deployment_id = var.deployment_id }
}
