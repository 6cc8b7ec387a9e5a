#!/usr/bin/env bash
# Deploys the template to the backup Region, then to the primary one.
set -euo pipefail

if [ $# -ne 5 ]; then
  echo "usage: $0 PRIMARY_REGION BACKUP_REGION DOMAIN HOSTED_ZONE_ID ARTIFACTS" >&2
  exit 2
fi
primary=$1 backup=$2 domain=$3 zone=$4 artifacts=$5
folder=$(cd "$(dirname "$0")" && pwd)
packaged=$(mktemp)
trap 'rm -f "$packaged"' EXIT

# deploy REGION STACK PARAMETER=VALUE…
deploy() {
  local region=$1 stack=$2
  shift 2
  aws cloudformation package --region "$region" --template-file "$folder/template.yaml" \
    --s3-bucket "$artifacts-$region" --output-template-file "$packaged" >/dev/null
  aws cloudformation deploy --region "$region" --stack-name "$stack" --template-file "$packaged" \
    --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --no-fail-on-empty-changeset \
    --parameter-overrides "Domain=$domain" "HostedZoneId=$zone" "$@"
}

deploy "$backup" sam-hybrid-backup Role=SECONDARY
host=$(aws cloudformation describe-stacks --region "$backup" --stack-name sam-hybrid-backup \
  --query "Stacks[0].Outputs[?OutputKey=='ApiHost'].OutputValue" --output text)
deploy "$primary" sam-hybrid-primary Role=PRIMARY "BackupApi=$host"
