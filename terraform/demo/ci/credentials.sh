# shellcheck shell=bash
# Sourced by the jobs that talk to AWS. GitLab's token for this job is put where AWS's tools look for it: they exchange it
# for credentials of an hour, and again when those end, so that a long apply is not cut off.

if [[ -z ${AWS_OIDC_TOKEN:-} ]]; then
  echo "credentials: this job has no token of GitLab" >&2
  exit 1
fi
for setting in AWS_ROLE_ARN AWS_REGION STATE_BUCKET DEMO_INSTALLATION; do
  if [[ -z ${!setting:-} || ${!setting} == *CHANGE-ME* ]]; then
    echo "credentials: $setting is not set; see docs/pipeline.md" >&2
    exit 1
  fi
done

AWS_WEB_IDENTITY_TOKEN_FILE=$(umask 077 && mktemp)
printf '%s' "$AWS_OIDC_TOKEN" >"$AWS_WEB_IDENTITY_TOKEN_FILE"
export AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_REGION AWS_DEFAULT_REGION=$AWS_REGION
export AWS_ROLE_SESSION_NAME="demo-${CI_PIPELINE_ID:-0}"
export TF_IN_AUTOMATION=1 TF_INPUT=0 TF_VAR_deployment_id=$DEPLOYMENT_ID TF_VAR_region=$AWS_REGION
export TF_VAR_installation=$DEMO_INSTALLATION TF_VAR_commit=${CI_COMMIT_SHA:-}
# Nothing that runs after this needs them, so nothing can print them.
unset AWS_OIDC_TOKEN CI_JOB_TOKEN CI_REPOSITORY_URL CI_REGISTRY_PASSWORD CI_DEPENDENCY_PROXY_PASSWORD CI_DEPLOY_PASSWORD setting
echo "credentials: role ${AWS_ROLE_ARN##*/} in $AWS_REGION, by GitLab's token for this job"
