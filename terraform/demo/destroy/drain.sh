# shellcheck shell=bash
# Best effort, bounded: what Kubernetes made in the cloud is deleted by Kubernetes, while there is one that can. The demo
# itself makes nothing there; this is for what somebody made by hand.

# All of it together.
DRAIN_SECONDS=90

in_cluster() {
  local seconds=$((DRAIN_ENDS_AT - $(now)))
  # A limit of nothing would be no limit.
  ((seconds > 0)) || return 1
  timeout --kill-after=5 "$seconds" kubectl --kubeconfig "$WORK/kubeconfig" --request-timeout=20s "$@"
}

drain() {
  local namespace service
  if ! aws_call eks update-kubeconfig --name "$NAME" --kubeconfig "$WORK/kubeconfig"; then
    say "drain: no cluster to drain ($CODE)"
    return 0
  fi
  DRAIN_ENDS_AT=$(($(now) + DRAIN_SECONDS))
  say "drain: the namespace demo, and whatever made something in the cloud (best effort, at most $DRAIN_SECONDS s)"
  in_cluster delete namespace demo --ignore-not-found --wait=false || say "drain: the namespace stays"
  # Each of these would leave a load balancer or a volume behind when the cluster goes first.
  in_cluster get services --all-namespaces --output \
    'jsonpath={range .items[?(@.spec.type=="LoadBalancer")]}{.metadata.namespace} {.metadata.name}{"\n"}{end}' \
    >"$WORK/services" || : >"$WORK/services"
  while read -r namespace service; do
    [[ -n $service ]] || continue
    # Without a terminal of its own it would read the list that this loop reads.
    in_cluster delete service "$service" --namespace "$namespace" --ignore-not-found </dev/null || true
  done <"$WORK/services"
  in_cluster delete ingresses,persistentvolumeclaims --all --all-namespaces --ignore-not-found || true
  say "drain: done"
}
