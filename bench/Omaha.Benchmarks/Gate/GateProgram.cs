using System.Globalization;
using Omaha.Testing;

namespace Omaha.Benchmarks.Gate;

/// <summary>Compares what operations allocate and cost with the committed figures. Says what grew and what became better, and fails for what grew.</summary>
internal sealed class GateProgram(string path, string? acceptedFor)
{
    /// <summary>How much larger than the committed one a ratio may be: ratios of one run still swing by some tenths from machine to machine.</summary>
    private const double Margin = 1.4;

    private const int ManyApps = 1_000_000;

    /// <summary>The same for memory, which depends a little on how the collector lays things out.</summary>
    private const double MemoryMargin = 1.02;

    /// <summary>A ratio that is too large is measured again, after ever longer pauses: what disturbs a run makes single ratios larger and goes by, and a slower program makes them larger each time.</summary>
    private const int Attempts = 6;

    private readonly Baseline _committed = Baseline.Read(path);
    private readonly Baseline _measured = new();
    private readonly List<string> _failures = [];
    private readonly List<string> _improvements = [];

    /// <summary>Runs the gate.</summary>
    /// <param name="args">Where the baseline is; then nothing, or <c>--accept</c> with the reason for new figures.</param>
    /// <returns>0 when everything holds, 1 when something grew, 2 for wrong usage.</returns>
    public static int Run(ReadOnlySpan<string> args)
    {
        if (args is [var path]) return new GateProgram(path, null).Run();
        if (args is [var accepting, "--accept", { Length: > 0 } reason]) return new GateProgram(accepting, reason).Run();
        Console.Error.WriteLine("usage: gate BASELINE [--accept REASON]");
        return 2;
    }

    private int Run()
    {
        Say("making catalogues of up to 1 000 000 apps");
        JudgeMemory("1 000 000 apps", AppMemory.BytesPerApp(ManyApps));
        var suites = new Suites(ManyApps);
        Say("rehearsing");
        for (var times = 0; times < 4; times++)
        {
            foreach (var operation in suites.Operations.Concat(suites.Comparisons.SelectMany(static comparison => new[] { comparison.Operation, comparison.Base })).Distinct()) operation.Rehearse();
            Thread.Sleep(300);
        }

        Console.WriteLine($"{"Allocated by one call, bytes",-44} {"now",9} {"committed",10}");
        foreach (var operation in suites.Operations) JudgeBytes(operation);
        Console.WriteLine();
        Console.WriteLine($"{"Ratio of CPU time",-44} {"now",7} {"10 % .. 90 %",15} {"committed",10} {"most",6}   {"ns",9} {"ns below",9}");
        foreach (var comparison in suites.Comparisons) JudgeRatio(comparison);
        FindUnmeasured();
        return Conclude();
    }

    private void JudgeBytes(Operation operation)
    {
        var bytes = Allocations.PerCall(operation.Call);
        var known = _committed.Allocations.GetValueOrDefault(operation.Name);
        _measured.Allocations[operation.Name] = known is not null && known.PerCall == bytes ? known : new(bytes, acceptedFor ?? "");
        Console.WriteLine(Invariant($"{operation.Name,-44} {bytes,9:0.##} {(known is null ? "-" : Invariant($"{known.PerCall:0.##}")),10}"));
        if (known is null) _failures.Add($"{operation.Name} has no committed figure of bytes.");
        else if (bytes > known.PerCall) _failures.Add(Invariant($"{operation.Name} allocates {bytes:0.##} bytes a call, {known.PerCall:0.##} are committed."));
        else if (bytes < known.PerCall) _improvements.Add(Invariant($"{operation.Name} allocates only {bytes:0.##} bytes a call, {known.PerCall:0.##} are committed."));
    }

    private void JudgeMemory(string name, double found)
    {
        var bytes = Math.Round(found);
        var known = _committed.Memory.GetValueOrDefault(name);
        var most = known is null ? double.PositiveInfinity : Math.Min(known.PerApp * MemoryMargin, known.Most ?? double.PositiveInfinity);
        _measured.Memory[name] = known is not null && bytes <= most && bytes >= known.PerApp / MemoryMargin ? known : new(bytes, known?.Most, acceptedFor ?? "");
        Console.WriteLine(Invariant($"Memory of {name}: {bytes:0} bytes an app, {(known is null ? "-" : Invariant($"{known.PerApp:0}"))} committed, at most {most:0}\n"));
        if (known is null) _failures.Add($"{name} has no committed figure of memory.");
        else if (bytes > most) _failures.Add(Invariant($"{name} take {bytes:0} bytes each; {known.PerApp:0} are committed, and at most {most:0} are allowed."));
        else if (bytes < known.PerApp / MemoryMargin) _improvements.Add(Invariant($"{name} take only {bytes:0} bytes each, {known.PerApp:0} are committed."));
    }

    private void JudgeRatio(Comparison comparison)
    {
        var known = _committed.Ratios.GetValueOrDefault(comparison.Name);
        var most = known is null ? double.PositiveInfinity : Math.Min(known.Ratio * Margin, known.Most ?? double.PositiveInfinity);
        var found = comparison.Measure();
        var attempts = 1;
        for (; attempts < Attempts && found.Median > most; attempts++)
        {
            Thread.Sleep(TimeSpan.FromSeconds(attempts));
            var again = comparison.Measure();
            if (again.Median < found.Median) found = again;
        }

        var ratio = Math.Round(found.Median, 3);
        _measured.Ratios[comparison.Name] = known is not null && ratio <= known.Ratio * Margin && ratio >= known.Ratio / Margin ? known : new(ratio, known?.Most, acceptedFor ?? "");
        Console.WriteLine(Invariant($"{comparison.Name,-44} {ratio,7:0.000} {Invariant($"{found.Low:0.000} .. {found.High:0.000}"),15} {(known is null ? "-" : Invariant($"{known.Ratio:0.000}")),10} {most,6:0.00}   {found.Nanoseconds,9:0} {found.BaseNanoseconds,9:0}{(attempts > 1 ? $"   best of {attempts}" : "")}"));
        if (known is null) _failures.Add($"{comparison.Name} has no committed ratio.");
        else if (ratio > most) _failures.Add(Invariant($"{comparison.Name} is {ratio:0.000}; {known.Ratio:0.000} is committed, and at most {most:0.000} is allowed."));
        else if (ratio < known.Ratio / Margin) _improvements.Add(Invariant($"{comparison.Name} is only {ratio:0.000}, {known.Ratio:0.000} is committed."));
    }

    private void FindUnmeasured()
    {
        foreach (var name in _committed.Allocations.Keys.Except(_measured.Allocations.Keys).Concat(_committed.Ratios.Keys.Except(_measured.Ratios.Keys)).Concat(_committed.Memory.Keys.Except(_measured.Memory.Keys))) _failures.Add($"{name} is committed, but nothing measures it.");
    }

    private int Conclude()
    {
        Console.WriteLine();
        foreach (var improvement in _improvements) Console.WriteLine($"better: {improvement}");
        foreach (var failure in _failures) Console.WriteLine($"worse:  {failure}");
        if (acceptedFor is not null)
        {
            _measured.Write(path);
            Console.WriteLine($"The new figures are in {path}; commit them.");
            return 0;
        }

        if (_improvements.Count > 0) Console.WriteLine("Commit the better figures, so that they cannot be lost unnoticed: bench/gate.sh --accept 'why they are better'");
        if (_failures.Count > 0) Console.WriteLine("Mend what is worse; if it has to be, say why: bench/gate.sh --accept 'why they are worse'");
        else Console.WriteLine("The gate holds.");
        return _failures.Count > 0 ? 1 : 0;
    }

    private static void Say(string text) => Console.Error.WriteLine(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
