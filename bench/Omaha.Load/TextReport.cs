using System.Globalization;
using System.Text;

namespace Omaha.Load;

/// <summary>What people read in a terminal.</summary>
internal static class TextReport
{
    /// <summary>A line about the last second or so.</summary>
    /// <param name="intervals">All so far.</param>
    /// <param name="from">Seconds since the start.</param>
    /// <param name="to">Seconds since the start.</param>
    /// <param name="errors">All so far.</param>
    public static string Progress(IReadOnlyList<Interval> intervals, double from, double to, long errors)
    {
        var recent = intervals.Where(interval => interval.Begin >= from - 1e-6).ToList();
        return Say($"{to,6:0.0} s  {Number(recent.Sum(static interval => interval.Right) / (to - from)),9} a second  p99 {Time(recent.Max(static interval => interval.P99Milliseconds))} ms  {Number(errors)} errors");
    }

    public static string Render(LoadResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(Headline(result));
        text.AppendLine(Say($"{result.Seconds:0.00} s    {Number(result.Requests)} requests    {Number(result.Throughput)} right answers a second    {Number(result.Errors.Total)} errors{(result.Interrupted ? "    ended before its time" : "")}"));
        text.AppendLine($"latency      {Times(result.Latency)}");
        if (result.Rate is not null) text.AppendLine($"  of it late {Times(result.Delay)}");
        text.AppendLine($"generator    {Usage(result.Generator)}");
        if (result.Server is { } server) text.AppendLine($"server       {Usage(server)}");
        foreach (var (kind, count) in result.Errors.ByKind) text.AppendLine(Say($"error        {kind} {Number(count)}, first: {result.Errors.Examples[kind]}"));
        if (result is { Generator.Cores: { } own, Server.Cores: < 0.9 } && own > 0.95 * Environment.ProcessorCount) text.AppendLine("The generator used all it has and the server did not: this shows the limit of the generator.");
        return text.ToString();
    }

    /// <summary>What was asked for, in one line.</summary>
    public static string Headline(LoadResult result)
    {
        var loop = result.Rate is { } rate ? $"open loop at {Number(rate)} a second" : "closed loop";
        var connections = result.NewConnections ? $"a connection for each request, at most {Number(result.Connections)} at once" : $"{Number(result.Connections)} connections";
        var bodies = result.Bodies.Count == 1 ? $"{result.Bodies[0].Name} ({Number(result.Bodies[0].Bytes)} bytes)" : $"{Number(result.Bodies.Count)} bodies in turn";
        return $"{result.Url}    {loop}, {connections}, {Number(result.Nodes)} nodes, {bodies}";
    }

    public static string Times(TimesResult times) =>
        $"p50 {Time(times.P50Milliseconds)}   p90 {Time(times.P90Milliseconds)}   p99 {Time(times.P99Milliseconds)}   p99.9 {Time(times.P999Milliseconds)}   max {Time(times.MaxMilliseconds)} ms";

    public static string Usage(UsageResult usage) => usage.MemoryMiB is null
        ? Say($"process {usage.Pid} ended during the measurement")
        : Say($"{usage.CpuMicrosecondsPerRequest:0.00} us CPU a request   {usage.Cores:0.00} cores   {usage.MemoryMiB:0.0} MiB resident, at most {usage.PeakMemoryMiB:0.0}");

    /// <summary>Milliseconds with three digits that count.</summary>
    public static string Time(double milliseconds) =>
        milliseconds.ToString(milliseconds switch { < 10 => "0.000", < 100 => "0.00", _ => "0" }, CultureInfo.InvariantCulture);

    /// <summary>A number with its thousands apart.</summary>
    public static string Number(double number) => number.ToString(number < 100 ? "0.##" : "#,0", Spaced);

    private static readonly NumberFormatInfo Spaced = new() { NumberGroupSeparator = " " };

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
