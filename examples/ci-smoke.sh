#!/bin/sh
# CI smoke test: a lab phone takes keys, calls a number, and ends the call.
# usage: ATCOM_TO=<phone> ci-smoke.sh <number>
# The phone's allow list must hold the address of the CI machine, saved once at the phone.
set -eu

number=${1:?usage: ATCOM_TO=<phone> ci-smoke.sh <number>}
: "${ATCOM_TO:?set it to the lab phone}"

# One JSON document a step, for the log; the first step that fails ends the job with its exit code.
atcom key RELEASE --retry 3 --json
atcom dial "$number" --json
atcom hangup --json
