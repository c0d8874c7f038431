#!/bin/sh
# Turns do-not-disturb on for several phones, and prints what is left to do by hand.
# usage: night-mode.sh <phone>...
set -u

status=0
for phone in "$@"; do
  atcom dnd on --to "$phone" --retry 2 >/dev/null
  code=$?
  case $code in
    0) echo "$phone: quiet" ;;
    3) echo "$phone: not reached, nothing was sent" ;;
    4) echo "$phone: not allowed yet; press Save on the phone, or check its password" ;;
    7) echo "$phone: no response; check whether it shows DND" ;;
    *) echo "$phone: failed with exit code $code" ;;
  esac
  [ "$code" -eq 0 ] || status=1
done
exit "$status"
