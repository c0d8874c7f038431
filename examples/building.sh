#!/bin/sh
# Do-not-disturb for a building: one phone, then a tenth, then all; no next wave if more than 5 % of one failed.
# Run it again with the same words, after a power cut or because phones were off: no phone is pressed twice.
# usage: building.sh <target> on|off <journal>
set -u

usage='usage: building.sh <target> on|off <journal>'
target=${1:?$usage}
state=${2:?$usage}
journal=${3:?$usage}
set -- "$state" --to "$target" --yes --serial 1,10%,100% --max-fail 5%

# The first time it begins the journal, then it goes on with what had not been sent.
if [ ! -s "$journal" ]; then
  atcom dnd "$@" --journal "$journal" --report "junit:$journal.xml"
  exit
fi
atcom dnd "$@" --resume "$journal" --report "junit:$journal.xml" && exit

# Phones that were off, or asked: nothing was done on them. Those once more, and no other.
atcom dnd "$@" --retry-failed "$journal"
echo "run it again to see what is left"
exit 1
