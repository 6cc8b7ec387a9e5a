# What deploy.sh and destroy.sh share: their arguments, and how they call the CDK. Sourced, not run.
# shellcheck shell=bash

usage() {
  cat >&2 <<USAGE
Usage: $(basename "$0") PRIMARY_REGION BACKUP_REGION DOMAIN HOSTED_ZONE_ID
  PRIMARY_REGION   serves as long as it is healthy, as eu-west-1
  BACKUP_REGION    takes over, as us-east-1
  DOMAIN           a domain whose public hosted zone is yours, as example.com; the API becomes api.DOMAIN
  HOSTED_ZONE_ID   id of that hosted zone, as Z0123456789ABCDEFGHIJ
Environment:
  TIMEOUTS=cloudfront-defaults   CloudFront's own timeouts instead of the construct's, to compare with
  WRITE_PATHS='/orders*'         paths that are written to, separated by commas; empty: all (see README.md)
USAGE
}

# Sets primary, backup, domain, hosted_zone_id, timeouts and write_paths; ends with 2 and all that is wrong.
read_arguments() {
  if [ $# -ne 4 ]; then
    echo "$(basename "$0") takes four arguments; it got $#." >&2
    usage
    exit 2
  fi
  primary=$1 backup=$2 domain=$3 hosted_zone_id=$4
  timeouts=${TIMEOUTS:-ours}
  write_paths=${WRITE_PATHS-/orders*}

  local region='^[a-z][a-z](-[a-z]+)+-[0-9]+$'
  local name='^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z]+$'
  local zone='^Z[A-Z0-9]+$'
  local wrong=0
  [[ $primary =~ $region ]] || complain "PRIMARY_REGION is '$primary'; a Region looks like eu-west-1."
  [[ $backup =~ $region ]] || complain "BACKUP_REGION is '$backup'; a Region looks like us-east-1."
  [ "$primary" != "$backup" ] || complain "Both Regions are '$primary'; there is none to fail over to."
  [[ $domain =~ $name ]] || complain "DOMAIN is '$domain'; it looks like example.com, in lower case."
  [[ $hosted_zone_id =~ $zone ]] || complain "HOSTED_ZONE_ID is '$hosted_zone_id'; it begins with a Z."
  case $timeouts in
    ours | cloudfront-defaults) ;;
    *) complain "TIMEOUTS is '$timeouts'; it is cloudfront-defaults, or not set." ;;
  esac
  if [ "$wrong" -ne 0 ]; then
    usage
    exit 2
  fi
}

complain() {
  echo "$1" >&2
  wrong=1
}

# Runs the CDK that this repository pins, with the arguments as context.
run_cdk() {
  npx --no-install cdk "$@" \
    -c "primary=$primary" -c "backup=$backup" -c "domain=$domain" -c "hostedZoneId=$hosted_zone_id" \
    -c "timeouts=$timeouts" -c "writePaths=$write_paths"
}
