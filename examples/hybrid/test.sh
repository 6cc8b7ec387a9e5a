#!/usr/bin/env bash
# Asks a URL once a second and prints who answered, until Ctrl-C or COUNT requests.
set -euo pipefail
export LC_ALL=C

usage() {
  cat >&2 <<USAGE
Usage: $(basename "$0") URL [COUNT]
  URL     as https://d111111abcdef8.cloudfront.net/
  COUNT   number of requests; without it until Ctrl-C
Environment:
  CURL_OPTS   more options for curl, as CURL_OPTS='-X POST -d {}'
  MAX_TIME    seconds that a request may take (120)
USAGE
  exit 2
}

[ $# -eq 1 ] || [ $# -eq 2 ] || usage
url=$1 count=${2:-0}
case $url in
  http://?* | https://?*) ;;
  *)
    echo "URL is '$url'; it begins with https:// or http://." >&2
    usage
    ;;
esac
case $count in
  *[!0-9]*)
    echo "COUNT is '$count'; it is a number." >&2
    usage
    ;;
esac

sent=0 failed=0
summary() {
  echo "$sent sent, $failed failed"
  exit 0
}
trap summary INT TERM

# Prints the body, and on a line of its own status, time to first byte and time in all.
ask() {
  # The options are words: they are split at blanks, and stars in them stay stars.
  set -f
  # shellcheck disable=SC2086
  curl --silent --max-time "${MAX_TIME:-120}" --write-out '\n%{http_code} %{time_starttransfer} %{time_total}\n' \
    ${CURL_OPTS:-} "$url" || true
}

printf '%7s  %-14s  %-8s  %6s  %9s\n' request origin time status ttfb
while [ "$count" -eq 0 ] || [ "$sent" -lt "$count" ]; do
  at=$(date +%H:%M:%S)
  answer=$(ask)
  figures=$(printf '%s\n' "$answer" | tail -n 1)
  read -r status ttfb total <<<"$figures"
  origin=$(printf '%s\n' "$answer" | sed '$d' | sed -n 's/.*"region":"\([^"]*\)".*/\1/p' | head -n 1)
  sent=$((sent + 1))
  # Without an answer there is no first byte: what was waited in vain stands there instead.
  if [ "$status" = 000 ]; then ttfb=$total; fi
  if [ "$status" = 000 ] || [ "$status" -ge 500 ]; then failed=$((failed + 1)); fi
  printf '%7d  %-14s  %-8s  %6s  %7s s\n' "$sent" "${origin:--}" "$at" "$status" "$ttfb"
  if [ "$sent" -ne "$count" ]; then
    sleep "$(awk -v total="$total" 'BEGIN { print (total < 1) ? 1 - total : 0 }')"
  fi
done
summary
