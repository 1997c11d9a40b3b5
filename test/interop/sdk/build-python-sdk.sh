#!/usr/bin/env bash
# build-python-sdk.sh: puts a Python with the OpenTelemetry SDK into ~/.cache/sluice-peers/python, once for a machine.
# Needs Python >= 3.10 with venv, and a package index. Never part of a test run.
set -euo pipefail
target=$HOME/.cache/sluice-peers/python
otel=1.45.2
rm -rf "$target"
python3 -m venv "$target"
"$target/bin/pip" install -q "opentelemetry-sdk==$otel" "opentelemetry-exporter-otlp==$otel"
"$target/bin/pip" list
