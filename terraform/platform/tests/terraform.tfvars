# What every test starts from: a service that runs.
account_id             = "111122223333"
region                 = "us-east-1"
image_digest           = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
destroyer_image_digest = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
allowed_origins        = ["https://cv.example.com"]
demo_domain            = "demo.example.com"
demo_zone_id           = "Z0123456789ABCDEFGHIJ"
gitlab_project         = "made-up/eks-demo"
gitlab_ref             = "demo-v1"
alarm_emails           = ["owner@example.com"]
