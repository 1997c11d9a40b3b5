import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.concurrent.TimeUnit;

/**
 * Sends logs, spans and data points through the OpenTelemetry SDK for Java, each with an attribute "id" from PREFIX-0 on:
 * {@code java Send http/protobuf|grpc ENDPOINT PREFIX COUNT [COMPRESSION]}.
 */
public class Send {
  private static final AttributeKey<String> ID = AttributeKey.stringKey("id");

  public static void main(String[] args) {
    boolean grpc = args[0].equals("grpc");
    String endpoint = args[1];
    String compression = args.length > 4 ? args[4] : "none";
    int count = Integer.parseInt(args[3]);
    SpanExporter spans = grpc
        ? OtlpGrpcSpanExporter.builder().setEndpoint(endpoint).setCompression(compression).build()
        : OtlpHttpSpanExporter.builder().setEndpoint(endpoint + "/v1/traces").setCompression(compression).build();
    LogRecordExporter logs = grpc
        ? OtlpGrpcLogRecordExporter.builder().setEndpoint(endpoint).setCompression(compression).build()
        : OtlpHttpLogRecordExporter.builder().setEndpoint(endpoint + "/v1/logs").setCompression(compression).build();
    MetricExporter metrics = grpc
        ? OtlpGrpcMetricExporter.builder().setEndpoint(endpoint).setCompression(compression).build()
        : OtlpHttpMetricExporter.builder().setEndpoint(endpoint + "/v1/metrics").setCompression(compression).build();
    SdkTracerProvider tracing = SdkTracerProvider.builder()
        .addSpanProcessor(BatchSpanProcessor.builder(spans).setMaxQueueSize(2 * count).setMaxExportBatchSize(100).build())
        .build();
    SdkLoggerProvider logging = SdkLoggerProvider.builder()
        .addLogRecordProcessor(BatchLogRecordProcessor.builder(logs).setMaxQueueSize(2 * count).setMaxExportBatchSize(100).build())
        .build();
    SdkMeterProvider metering = SdkMeterProvider.builder()
        .registerMetricReader(PeriodicMetricReader.builder(metrics).build())
        .build();
    var tracer = tracing.get("interop");
    var logger = logging.get("interop");
    var counter = metering.get("interop").counterBuilder("sent").build();
    for (int i = 0; i < count; i++) {
      String id = args[2] + "-" + i;
      tracer.spanBuilder("span").setAttribute(ID, id).startSpan().end();
      logger.logRecordBuilder().setBody("line " + i).setAttribute(ID, id).emit();
      counter.add(i + 1, Attributes.of(ID, id));
    }
    boolean done = tracing.shutdown().join(20, TimeUnit.SECONDS).isSuccess()
        & logging.shutdown().join(20, TimeUnit.SECONDS).isSuccess()
        & metering.shutdown().join(20, TimeUnit.SECONDS).isSuccess();
    System.exit(done ? 0 : 1);
  }
}
