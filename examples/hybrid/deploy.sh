#!/usr/bin/env bash
# Deploys the estate to two Regions: the backup Region first, then the primary Region and the distributions.
set -euo pipefail

cd "$(dirname "$0")"
. ./arguments.sh
read_arguments "$@"

echo "Deploying to $backup, then $primary. A first deployment takes 10 to 15 minutes."
if [ -n "$write_paths" ]; then
  echo "Behind the hybrid distribution, $write_paths takes POST, PUT, PATCH and DELETE; other paths only read."
fi

# The stacks say by themselves that the primary one needs the backup one; --all keeps to that order.
if ! run_cdk deploy --all --require-approval never --concurrency 1; then
  echo >&2
  echo "The deployment stopped; the reason is above. If it says that a Region is not bootstrapped:" >&2
  echo "  npx cdk bootstrap aws://ACCOUNT/$primary aws://ACCOUNT/$backup" >&2
  exit 1
fi
echo
echo "Try it: ./test.sh https://DOMAIN with either DOMAIN from the outputs above."
