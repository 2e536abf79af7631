using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Omaha.Catalog;
using Omaha.Protocol;

namespace Omaha.Benchmarks;

/// <summary>What a catalogue of many apps takes in memory once each of them was asked about, and for how long a changed app stops whoever answers.</summary>
internal static class AppMemory
{
    private const int Changes = 2000;

    /// <summary>Bytes per app of a catalogue that is served, its rendered manifests included.</summary>
    public static double BytesPerApp(int count)
    {
        var before = Settled();
        var snapshot = SmallApps.Snapshot(count);
        AskAboutAll(snapshot, count);
        var bytes = Settled() - before;
        GC.KeepAlive(snapshot);
        return (double)bytes / count;
    }

    /// <summary>Prints the report.</summary>
    /// <returns>0.</returns>
    public static int Report(int count)
    {
        Print($"{count:N0} apps with manifests of {ManifestBytes()} bytes");
        var started = Stopwatch.GetTimestamp();
        var snapshot = SmallApps.Snapshot(count);
        Print($"made in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        Print($"{BytesPerApp(count):0} bytes were added by asking about each");
        var bytes = Settled();
        Print($"{(double)bytes / count:0} bytes an app, {bytes / 1048576.0 / 1024:0.00} GiB in all; {Environment.WorkingSet / 1048576.0 / 1024:0.00} GiB resident");
        ReportChanges(snapshot);
        return 0;
    }

    private static void ReportChanges(CatalogSnapshot snapshot)
    {
        var documents = Enumerable.Range(0, Changes).Select(static app => DocumentJson.Write(SmallApps.Document(app))).ToArray();
        var times = new double[Changes];
        var paused = GC.GetTotalPauseDuration();
        for (var change = 0; change < Changes; change++)
        {
            var started = Stopwatch.GetTimestamp();
            snapshot = SnapshotChange.Apply(snapshot, documents[change]);
            times[change] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        Array.Sort(times);
        var collected = GC.GetTotalPauseDuration() - paused;
        Print($"{Changes:N0} changed apps, one by one: median {times[Changes / 2]:0} us, 99 % within {times[Changes * 99 / 100]:0} us, longest {times[^1]:0} us; collections stopped all threads for {collected.TotalMilliseconds:0.0} ms in all");
    }

    private static void AskAboutAll(CatalogSnapshot snapshot, int count)
    {
        var responder = Exchange.ResponderOver(snapshot);
        var body = SmallApps.Check(0);
        var id = body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(SmallApps.Id(0)));
        for (var app = 0; app < count; app++)
        {
            Encoding.UTF8.GetBytes(SmallApps.Id(app), body.AsSpan(id));
            if (responder.Answer(new ReadOnlySequence<byte>(body), out _) != Refusal.None) throw new InvalidOperationException("The check is refused.");
        }
    }

    private static int ManifestBytes()
    {
        Exchange.ResponderOver(SmallApps.Snapshot(1)).Answer(new ReadOnlySequence<byte>(SmallApps.Check(0)), out var reply);
        var text = Encoding.UTF8.GetString(reply.Span);
        return text.IndexOf("</updatecheck>", StringComparison.Ordinal) - text.IndexOf("<urls>", StringComparison.Ordinal);
    }

    private static long Settled()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
