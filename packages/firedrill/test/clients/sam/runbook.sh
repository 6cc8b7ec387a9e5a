#!/usr/bin/env bash
# usage: runbook.sh failover|failback SECONDARY-REGION URL
set -euo pipefail
way=$1 region=$2 url=$3
case $way in
  failover) value=1 wanted=SECONDARY state=ALARM ;;
  failback) value=0 wanted=PRIMARY state=OK ;;
  *) exit 2 ;;
esac

aws cloudwatch put-metric-data --region "$region" --namespace Orders/Runbook --metric-name PrimaryIsDown --value "$value"

until [ "$(aws cloudwatch describe-alarms --region "$region" --alarm-names orders-primary-is-down --query 'MetricAlarms[0].StateValue' --output text)" = "$state" ]; do
  sleep 1
done
until curl --silent --show-error --fail "$url" | grep --quiet "\"role\":\"$wanted\""; do
  sleep 1
done
echo "$wanted serves"
