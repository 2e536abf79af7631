using System.Buffers.Binary;
using System.Text;

namespace Omaha.Server.Tests;

/// <summary>A request of OTLP with metrics, read as far as tests look at it (opentelemetry/proto/metrics/v1/metrics.proto).</summary>
internal sealed record OtlpExportRequest(string? ContentType, string? Authorization, byte[] Body)
{
    // ExportMetricsServiceRequest.resource_metrics, ResourceMetrics.resource and .scope_metrics, ScopeMetrics.metrics
    private IEnumerable<byte[]> ResourceMetrics => Nested(Body, 1);

    private IEnumerable<byte[]> Metrics => ResourceMetrics.SelectMany(static resource => Nested(resource, 2)).SelectMany(static scope => Nested(scope, 2));

    /// <summary>Names of all metrics.</summary>
    public IReadOnlyList<string> Names => [.. Metrics.Select(NameOf)];

    /// <summary>The resource's attributes that are texts.</summary>
    public IReadOnlyDictionary<string, string> Resource => ResourceMetrics.SelectMany(static resource => Nested(resource, 1)).SelectMany(static resource => Attributes(resource, 1)).ToDictionary();

    /// <summary>The number that a metric has under a label, or without one.</summary>
    public double Number(string metric, string? labelled = null) =>
        BitConverter.Int64BitsToDouble((long)Numbers(Point(metric, point => labelled is null || Attributes(point, 7).Any(label => label.Value == labelled)), 4).Single());

    /// <summary>How many measurements a histogram has, in which buckets.</summary>
    public (long Count, long[] Buckets, double[] Bounds) Histogram(string metric)
    {
        var point = Point(metric, static _ => true);
        return ((long)Numbers(point, 4).Single(), [.. Packed(point, 6).Select(static value => (long)value)], [.. Packed(point, 7).Select(static value => BitConverter.Int64BitsToDouble((long)value))]);
    }

    // Metric.gauge, .sum and .histogram; data_points is the first field of each.
    private byte[] Point(string metric, Func<byte[], bool> which) =>
        new[] { 5, 7, 9 }.SelectMany(field => Metrics.Where(candidate => NameOf(candidate) == metric).SelectMany(found => Nested(found, field))).SelectMany(static data => Nested(data, 1)).Single(which);

    private static string NameOf(byte[] metric) => Encoding.UTF8.GetString(Nested(metric, 1).Single());

    /// <summary>KeyValue.key and .value, AnyValue.string_value.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Attributes(byte[] message, int field) =>
        from pair in Nested(message, field)
        let value = Nested(pair, 2).SelectMany(static any => Nested(any, 1)).FirstOrDefault()
        where value is not null
        select KeyValuePair.Create(Encoding.UTF8.GetString(Nested(pair, 1).Single()), Encoding.UTF8.GetString(value));

    private static IEnumerable<byte[]> Nested(byte[] message, int field) => Fields(message).Where(found => found.Field == field && found.Bytes is not null).Select(static found => found.Bytes!);

    private static IEnumerable<ulong> Numbers(byte[] message, int field) => Fields(message).Where(found => found.Field == field && found.Bytes is null).Select(static found => found.Number);

    private static IEnumerable<ulong> Packed(byte[] message, int field) => Nested(message, field).SelectMany(static values => values.Chunk(sizeof(ulong))).Select(static value => BinaryPrimitives.ReadUInt64LittleEndian(value));

    /// <summary>The fields of a message of protocol buffers.</summary>
    private static List<(int Field, ulong Number, byte[]? Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, ulong, byte[]?)>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0: fields.Add((field, Varint(message, ref at), null)); break;
                case 1: fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), null)); at += 8; break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    fields.Add((field, 0, message[at..(at + length)]));
                    at += length;
                    break;
                case 5: fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), null)); at += 4; break;
                default: throw new InvalidDataException($"wire type {tag & 7}");
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
    }
}
