// Sends logs, spans and data points through the OpenTelemetry SDK for Go, each with an attribute "id" from PREFIX-0 on.
//
//	go-sdk http/protobuf|grpc ENDPOINT PREFIX COUNT
//
// gzip, the CA and client certificates come from the variables that the SDK reads, such as OTEL_EXPORTER_OTLP_COMPRESSION.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/credentials"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

// This exporter alone does not use the certificates of the variables.
func logsTLS() []otlploggrpc.Option {
	ca := os.Getenv("OTEL_EXPORTER_OTLP_CERTIFICATE")
	if ca == "" {
		return nil
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(must(os.ReadFile(ca)))
	own := must(tls.LoadX509KeyPair(os.Getenv("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"), os.Getenv("OTEL_EXPORTER_OTLP_CLIENT_KEY")))
	config := &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{own}}
	return []otlploggrpc.Option{otlploggrpc.WithTLSCredentials(credentials.NewTLS(config))}
}

func exporters(ctx context.Context, protocol string) (sdktrace.SpanExporter, sdklog.Exporter, sdkmetric.Exporter) {
	if protocol == "grpc" {
		return must(otlptracegrpc.New(ctx)), must(otlploggrpc.New(ctx, logsTLS()...)), must(otlpmetricgrpc.New(ctx))
	}
	return must(otlptracehttp.New(ctx)), must(otlploghttp.New(ctx)), must(otlpmetrichttp.New(ctx))
}

func main() {
	protocol, endpoint, prefix := os.Args[1], os.Args[2], os.Args[3]
	count := must(strconv.Atoi(os.Args[4]))
	ctx := context.Background()
	must(0, os.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint))
	spans, records, metrics := exporters(ctx, protocol)
	tracing := sdktrace.NewTracerProvider(sdktrace.WithBatcher(spans, sdktrace.WithMaxQueueSize(2*count), sdktrace.WithMaxExportBatchSize(100)))
	logging := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(records, sdklog.WithMaxQueueSize(2*count), sdklog.WithExportMaxBatchSize(100))))
	metering := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(metrics)), sdkmetric.WithCardinalityLimit(0))
	tracer := tracing.Tracer("interop")
	logger := logging.Logger("interop")
	counter := must(metering.Meter("interop").Int64Counter("sent"))
	for i := range count {
		id := fmt.Sprintf("%s-%d", prefix, i)
		_, span := tracer.Start(ctx, "span", trace.WithAttributes(attribute.String("id", id)))
		span.End()
		var record log.Record
		record.SetBody(log.StringValue(fmt.Sprintf("line %d", i)))
		record.AddAttributes(log.String("id", id))
		logger.Emit(ctx, record)
		counter.Add(ctx, int64(i+1), metric.WithAttributes(attribute.String("id", id)))
	}
	for _, shutdown := range []func(context.Context) error{tracing.Shutdown, logging.Shutdown, metering.Shutdown} {
		must(0, shutdown(ctx))
	}
}
