"""send.py PROTOCOL ENDPOINT PREFIX COUNT: logs, spans and data points through the OpenTelemetry SDK for Python."""
import logging
import sys

from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

protocol, endpoint, prefix, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
if protocol == "grpc":
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    options = {name: {"endpoint": endpoint, "insecure": True} for name in ("traces", "logs", "metrics")}
else:
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    options = {name: {"endpoint": f"{endpoint}/v1/{name}"} for name in ("traces", "logs", "metrics")}

tracing = TracerProvider()
tracing.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(**options["traces"]), max_queue_size=count * 2))
logs = LoggerProvider()
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(**options["logs"]), max_queue_size=count * 2))
reader = PeriodicExportingMetricReader(OTLPMetricExporter(**options["metrics"]), export_interval_millis=600_000)
metering = MeterProvider(metric_readers=[reader])

tracer = tracing.get_tracer("interop")
logger = logging.getLogger("interop")
logger.setLevel(logging.INFO)
logger.addHandler(LoggingHandler(logger_provider=logs))
counter = metering.get_meter("interop").create_counter("sent")
for i in range(count):
    name = f"{prefix}-{i}"
    tracer.start_span("span", attributes={"id": name}).end()
    logger.info("line %d", i, extra={"id": name})
    counter.add(i + 1, {"id": name})
for provider in (tracing, logs, metering):
    provider.shutdown()
