import t from 'tap';
import { maskSecrets } from '../../src/masking/mask.ts';

// What a trace is made of. A visitor who cannot read these learns nothing from the log.
const LINES = [
  'Running with gitlab-runner 19.5.0 (5eb085ab)',
  '  on 5-green.saas-linux-small-amd64.runners-manager.gitlab.com/default xS6Vzpvo, system ID: s_6b1e4f06fcfd',
  'Checking out 9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c as detached HEAD (ref is main)...',
  'Using docker image sha256:9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a0 for hashicorp/terraform:1.13 with digest hashicorp/terraform@sha256:9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a0 ...',
  '- Installed hashicorp/aws v6.4.0 (signed by HashiCorp, key ID 34365D9472D7468F)',
  'module.eks.aws_eks_cluster.this[0]: Still creating... [01m00s elapsed]',
  'aws_subnet.public["eu-central-1a"]: Creation complete after 10s [id=subnet-0d6aebbcb23be5d80]',
  'aws_secretsmanager_secret.db: Creation complete after 1s [id=arn:aws:secretsmanager:eu-central-1:123456789012:secret:demo/db-AbCdEf]',
  'aws_secretsmanager_secret_version.db: Refreshing state... [id=arn:aws:secretsmanager:eu-central-1:123456789012:secret:demo/db-AbCdEf|terraform-20260101000000000000000001]',
  'random_password.db: Creation complete after 0s [id=none]',
  '  + password                            = (sensitive value)',
  '  + master_user_secret                  = (known after apply)',
  '  + manage_master_user_password         = true',
  '  + token_ttl                           = 3600',
  '  + http_tokens                         = "required"',
  '  + http_put_response_hop_limit         = 2',
  '  + secret_name                         = "demo/db"',
  '  + key_id                              = "1234abcd-12ab-34cd-56ef-1234567890ab"',
  '  + kms_key_id                          = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"',
  '  + public_key                          = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExample demo"',
  'password updated successfully',
  'secret/db created',
  'serviceaccount/default-token-x7k2p created',
  'request id 0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b took 1.234s at 2026-11-20T09:01:35.140026Z',
  ['export TF_VAR_db_password=$', '{DB_PASSWORD}'].join(''),
  'echo "$GITLAB_TOKEN" | docker login --username demo --password-stdin',
  'Authorization: Bearer <token>',
  'GITLAB_TOKEN=[MASKED]',
  'Uploading artifacts as "archive" to coordinator... 201 Created token=64_[MASKED]',
  'Cloning into git@gitlab.com:demo/infra.git',
  'npm warn deprecated inflight@1.0.6: this module is not supported',
  'url = "https://demo-7f3a.demos.example.com"',
  'certificate_authority_data = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURCVENDQWUyZ0F3SUJBZ0lJZHk="',
  'ETag: "9f8e7d6c5b4a39281706f5e4d3c2b1a0"',
  'Error: Invalid provider configuration: no valid credential sources found',
  'Error acquiring the state lock: ID: b1a0c7e4-6f0e-4b7a-9a52-3d0a9f1f2f11',
  'Apply complete! Resources: 61 added, 0 changed, 0 destroyed.',
  'ok 1 - tokens: 12 pass: 12 fail: 0',
];

t.test('Given lines without a secret, when they are masked, then they stay as they are', async (t) => {
  for (const line of LINES) t.equal(maskSecrets(line), line);
  const text = LINES.join('\n');
  t.equal(maskSecrets(text), text, 'also one after the other');
});
