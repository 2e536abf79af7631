using BenchmarkDotNet.Attributes;
using Omaha.Protocol;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>Every refusal that a body can cause, beside the nearest body that is answered.</summary>
[MemoryDiagnoser]
public class Refuse
{
    [ParamsSource(nameof(Faults))]
    public Fault Fault { get; set; } = null!;

    public static IEnumerable<Fault> Faults => RefusedBody.All.Select(static body => Fault.Of(body.ToString(), body.Refusal, body.Without, body.With));

    [Benchmark(Baseline = true)]
    public Refusal Answered() => Fault.AnswerWithout();

    [Benchmark]
    public Refusal Refused() => Fault.Refuse();
}
