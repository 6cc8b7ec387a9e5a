#!/usr/bin/env bash
# usage: deploy.sh PRIMARY-REGION SECONDARY-REGION DOMAIN ZONE
set -euo pipefail
cd "$(dirname "$0")"
primary=$1 secondary=$2 domain=$3 zone=$4

deploy() {
  aws cloudformation deploy --region "$1" --stack-name orders --template-file template.yaml \
    --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --no-fail-on-empty-changeset \
    --parameter-overrides Role="$2" OtherRegion="$3" DomainName="$domain" HostedZone="$zone"
}

# The alarm has to be there before the health check that follows it.
deploy "$secondary" SECONDARY "$primary"
deploy "$primary" PRIMARY "$secondary"
