#!/usr/bin/env bash
# usage: CDK=cdk deploy.sh PRIMARY-REGION SECONDARY-REGION ZONE-NAME ZONE-ID
set -euo pipefail
cd "$(dirname "$0")"
primary=$1 secondary=$2 zone_name=$3 zone_id=$4
account=$(aws sts get-caller-identity --query Account --output text)

for region in "$primary" "$secondary"; do
  # From a directory without an app: it needs none.
  (cd "$OUT" && $CDK bootstrap "aws://$account/$region")
done

deploy() {
  AWS_REGION=$1 AWS_DEFAULT_REGION=$1 $CDK deploy Shop --require-approval never --output "$OUT/$1" \
    --context zoneName="$zone_name" --context zoneId="$zone_id" "${@:2}"
}

# The secondary first: there must be somewhere to fail over to.
deploy "$secondary" --context failover=SECONDARY
deploy "$primary"
