#!/usr/bin/env bash
# build-java-sdk.sh: builds a sender with the OpenTelemetry SDK for Java into ~/.cache/sluice-peers/java-sdk, once for a
# machine. Needs a JDK >= 17, Maven and a Maven repository. Never part of a test run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$HOME/.cache/sluice-peers/java-sdk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/java-sdk/* "$work"
cd "$work"
mvn -q -B compile dependency:copy-dependencies -DincludeScope=runtime
rm -rf "$target"
mkdir -p "$target"
cp target/classes/Send.class target/dependency/*.jar "$target"
ls -la "$target"
