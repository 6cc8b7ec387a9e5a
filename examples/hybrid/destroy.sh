#!/usr/bin/env bash
# Removes what deploy.sh deployed: the primary Region and the distributions first, then the backup Region.
set -euo pipefail

cd "$(dirname "$0")"
. ./arguments.sh
read_arguments "$@"

echo "Destroying in $primary, then $backup. CloudFront takes some minutes to let go of a distribution."
run_cdk destroy --all --force
