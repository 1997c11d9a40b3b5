#!/usr/bin/env bash
# build-go-sdk.sh: builds a sender with the OpenTelemetry SDK for Go into ~/.cache/sluice-peers/go-sdk, once for a machine.
# Needs Go >= 1.25 and the Go module proxy. Never part of a test run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$HOME/.cache/sluice-peers/go-sdk
mkdir -p "$(dirname "$target")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/go-sdk/main.go" "$work"
cd "$work"
export GOTOOLCHAIN=local GOFLAGS='-mod=mod -buildvcs=false -trimpath' CGO_ENABLED=0
go mod init go-sdk
otel=v1.39.0 logs=v0.15.0
otlp=go.opentelemetry.io/otel/exporters/otlp
go get "go.opentelemetry.io/otel@$otel" "go.opentelemetry.io/otel/sdk@$otel" "go.opentelemetry.io/otel/sdk/metric@$otel" \
  "go.opentelemetry.io/otel/log@$logs" "go.opentelemetry.io/otel/sdk/log@$logs" \
  "$otlp/otlptrace/otlptracegrpc@$otel" "$otlp/otlptrace/otlptracehttp@$otel" \
  "$otlp/otlpmetric/otlpmetricgrpc@$otel" "$otlp/otlpmetric/otlpmetrichttp@$otel" \
  "$otlp/otlplog/otlploggrpc@$logs" "$otlp/otlplog/otlploghttp@$logs"
go build -ldflags '-s -w' -o "$target" .
ls -la "$target"
