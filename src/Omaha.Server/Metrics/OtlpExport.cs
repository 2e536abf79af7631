using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Omaha.Server.Metrics;

/// <summary>
/// Sends all metrics to a collector by OTLP, under the names that <c>/metrics</c> has. Instruments read the counters when they are sent; only the
/// histogram of request times is recorded as it happens, since there are no instruments that read a whole one.
/// </summary>
/// <remarks>Exists only where <c>Otlp:Endpoint</c> is set: without it nothing of this is made.</remarks>
internal sealed class OtlpExport(OtlpOptions otlp, ServerOptions server, MetricTable table, RequestTimes times, ILogger<OtlpExport> log) : IHostedService, IDisposable
{
    private const string MeterName = "Omaha.Server";

    /// <summary>Series that one metric may have: the apps that are counted by name, with every decision.</summary>
    private static readonly int MostSeries = ServerMetrics.MaxAppLabels * ServerMetrics.Decisions.Length;

    /// <summary>A collector that is away must not hold up the end of the process.</summary>
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(2);

    private readonly Meter _meter = new(MeterName);
    private MeterProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var metric in table.Metrics) Instrument(metric);
        var exporter = new OtlpExporterOptions { Endpoint = otlp.Endpoint, Protocol = OtlpExportProtocol.HttpProtobuf, Headers = otlp.Headers.Length > 0 ? otlp.Headers : null };
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.Clear().AddTelemetrySdk().AddService("omaha-server", serviceVersion: ProcessMetrics.Version, serviceInstanceId: $"{Environment.MachineName}:{server.Public.Port}").AddEnvironmentVariableDetector())
            .AddMeter(MeterName)
            .AddView(static instrument => instrument is Histogram<double> ? null : new MetricStreamConfiguration { CardinalityLimit = MostSeries })
            .AddReader(new PeriodicExportingMetricReader(new Exporter(exporter, log), (int)otlp.Interval.TotalMilliseconds))
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>What was counted last is sent as well.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(() => _provider?.Shutdown((int)PatienceAtEnd.TotalMilliseconds), CancellationToken.None);

    public void Dispose()
    {
        times.AlsoRecord(null);
        _provider?.Dispose();
        _meter.Dispose();
    }

    private void Instrument(Metric metric)
    {
        switch (metric.Kind)
        {
            case MetricKind.Counter: _meter.CreateObservableCounter(metric.Name, () => metric.Read().Select(Measured), unit: null, metric.Help); break;
            case MetricKind.Gauge: _meter.CreateObservableGauge(metric.Name, () => metric.Read().Select(Measured), unit: null, metric.Help); break;
            case MetricKind.Histogram: times.AlsoRecord(_meter.CreateHistogram(metric.Name, "s", metric.Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = RequestTimes.Bounds })); break;
            default: throw new InvalidOperationException($"{metric.Kind} is no kind of metric.");
        }
    }

    private static Measurement<double> Measured(MetricSample sample) => new(sample.Value, sample.Labels);

    /// <summary>Says once when metrics cannot be sent, and once when they can again; the library itself says nothing that anybody would hear.</summary>
    private sealed class Exporter(OtlpExporterOptions options, ILogger log) : OtlpMetricExporter(options)
    {
        private readonly Uri _endpoint = options.Endpoint;
        private bool _works = true;

        public override ExportResult Export(in Batch<OpenTelemetry.Metrics.Metric> metrics)
        {
            var result = base.Export(metrics);
            var works = result == ExportResult.Success;
            if (works != _works)
            {
                _works = works;
                if (works) log.MetricsAreSentAgain(_endpoint);
                else log.MetricsCannotBeSent(_endpoint);
            }

            return result;
        }
    }
}
