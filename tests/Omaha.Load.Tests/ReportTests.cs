namespace Omaha.Load.Tests;

/// <summary>Comparing results that were measured in rounds.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly Loading _loading = new();
    private int _files;

    public void Dispose() => _loading.Dispose();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 1, 5)]
    [InlineData(8, 1, 8)]
    [InlineData(9, 2, 8)]
    [InlineData(12, 3, 10)]
    [InlineData(20, 6, 15)]
    public void The_interval_of_a_median_is_that_of_the_binomial_distribution(int values, double low, double high)
    {
        // Conover, Practical Nonparametric Statistics: the ranks of a confidence interval of 95 % for the median.
        var spread = Spread.Of(Enumerable.Range(1, values).Reverse().Select(static value => (double)value));

        Assert.Equal(new Spread((1 + values) / 2.0, low, high), spread);
    }

    [Fact]
    public async Task Ratios_are_taken_within_rounds()
    {
        // The machine slows down by a factor of ten between the rounds; the ratio stays.
        foreach (var (round, cpu) in new[] { (1, 10.0), (2, 100.0), (3, 40.0) })
        {
            Write("empty", "offered", "aot", "inline", round, cpu);
            Write("omaha", "offered", "aot", "inline", round, cpu * 1.1);
            Write("nginx", "offered", "-", "-", round, cpu / 2);
        }

        var report = await ReportAsync();

        Assert.Contains("| offered | aot | inline | 44.00 [11.00–110.00] | 40.00 [10.00–100.00] | **1.10 [1.10–1.10]** | 20.00 [5.00–50.00] | **2.20 [2.20–2.20]** | 1 000 | 2.00 | 0 |", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_is_compared_with_the_same_build_and_the_same_sockets()
    {
        foreach (var build in new[] { "jit", "aot" })
        {
            foreach (var sockets in new[] { "default", "inline" })
            {
                var cpu = (build == "jit" ? 10 : 20) + (sockets == "inline" ? 1 : 2);
                Write("empty", "offered", build, sockets, 1, cpu);
                Write("omaha", "offered", build, sockets, 1, 2 * cpu);
            }
        }

        var report = await ReportAsync();

        foreach (var start in new[] { "jit | default | 24.00 | 12.00", "jit | inline | 22.00 | 11.00", "aot | default | 44.00 | 22.00", "aot | inline | 42.00 | 21.00" })
        {
            Assert.Contains($"| offered | {start} | **2.00 [2.00–2.00]** | – | – |", report, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Other_checks_are_compared_with_offered_ones()
    {
        Write("omaha", "offered", "aot", "inline", 1, 10);
        Write("omaha", "malformed", "aot", "inline", 1, 8);
        Write("omaha", "20-apps", "aot", "inline", 1, 50);
        Write("omaha", "apps-10", "aot", "inline", 1, 10);
        Write("omaha", "apps-1000000", "aot", "inline", 1, 11);

        var report = await ReportAsync();

        Assert.Contains("| malformed | aot | inline | **0.80 [0.80–0.80]** |  |", report, StringComparison.Ordinal);
        Assert.Contains("| 20-apps | aot | inline | **5.00 [5.00–5.00]** | **0.25 [0.25–0.25]** |", report, StringComparison.Ordinal);
        Assert.Contains("| aot | inline | 10.00 | 11.00 | **1.10 [1.10–1.10]** | 50 |", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_aimed_at_is_judged_by_the_median()
    {
        foreach (var (round, cpu) in new[] { (1, 11.0), (2, 11.4), (3, 13.0) })
        {
            Write("empty", "offered", "aot", "inline", round, 10);
            Write("omaha", "offered", "aot", "inline", round, cpu);
            Write("nginx", "offered", "-", "-", round, 7);
            Write("omaha", "unknown-app", "aot", "inline", round, cpu + 1);
            Write("omaha", "apps-10", "aot", "inline", round, 10);
            Write("omaha", "apps-1000000", "aot", "inline", round, 12);
        }

        var report = await ReportAsync();

        Assert.Contains("| an offered check ÷ the empty handler | aot | inline | 1.14 [1.10–1.30] | 1.15 | yes |", report, StringComparison.Ordinal);
        Assert.Contains("| an offered check ÷ nginx | aot | inline | 1.63 [1.57–1.86] | 1.4 | no |", report, StringComparison.Ordinal);
        Assert.Contains("| unknown-app ÷ an offered check | aot | inline | 1.09 [1.08–1.09] | 1 | no |", report, StringComparison.Ordinal);
        Assert.Contains("| a check among 1 000 000 apps ÷ one among 10 | aot | inline | 1.20 | 1.15 | no |", report, StringComparison.Ordinal);
        Assert.Contains("| resident with 1 000 000 apps, MiB | aot | inline | 50 | 1536 | yes |", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_are_shown_side_by_side()
    {
        foreach (var (subject, ready) in new[] { ("empty", 40), ("omaha", 90) })
        {
            _loading.Write($"{_files++}.json", $$"""{ "labels": { "subject": "{{subject}}", "scenario": "start", "build": "aot", "sockets": "inline", "round": "1" }, "readyMilliseconds": {{ready}}, "idleMiB": 20.5, "loadedMiB": 30.25, "requests": 1000000 }""");
        }

        var report = await ReportAsync();

        Assert.Contains("| empty | aot | 40 | 20.5 | 30.3 | 1 000 000 |\n| omaha | aot | 90 | 20.5 | 30.3 | 1 000 000 |\n", report, StringComparison.Ordinal);
        Assert.DoesNotContain("closed loop", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_real_runs_are_taken()
    {
        await using var server = await WebServer.StartAsync();
        foreach (var subject in new[] { "empty", "omaha" })
        {
            await _loading.MeasureAsync(server.Url, "--rate", "500", "--requests", "50", "--label", $"subject={subject}", "--label", "scenario=open-loop", "--label", "build=jit", "--label", "sockets=default", "--label", "round=1");
            File.Move(_loading.FileFor("result.json"), _loading.FileFor($"{_files++}.json"));
        }

        Assert.Matches(@"\| jit \| default \| 500 \| [0-9.]+ \| [0-9.]+ \| [0-9.]+ \| [0-9.]+ \| \*\*[0-9.]+ \[[0-9.]+–[0-9.]+\]\*\* \| [0-9.]+ \| [0-9.]+ \| 0 \|", await ReportAsync());
    }

    [Theory]
    [InlineData("{}", "has no label subject")]
    [InlineData("no JSON", "is no result of Omaha.Load")]
    [InlineData("""{ "labels": { "subject": "omaha", "scenario": "offered", "build": "aot", "sockets": "inline", "round": "one" } }""", "is no result of Omaha.Load")]
    public async Task A_file_that_cannot_be_compared_is_named(string content, string complaint)
    {
        var file = _loading.Write("odd.json", content);

        var (exitCode, _, error) = await Loading.RunAsync("report", Path.GetDirectoryName(file)!);

        Assert.Equal(1, exitCode);
        Assert.Contains($"\"{file}\" {complaint}", error, StringComparison.Ordinal);
    }

    private void Write(string subject, string scenario, string build, string sockets, int round, double cpu) =>
        _loading.Write($"{_files++}.json", string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $$"""{ "labels": { "subject": "{{subject}}", "scenario": "{{scenario}}", "build": "{{build}}", "sockets": "{{sockets}}", "round": "{{round}}" }, "throughput": 1000, "latency": { "p99Milliseconds": 2 }, "server": { "cpuMicrosecondsPerRequest": {{cpu}}, "peakMemoryMiB": 50 }, "errors": { "total": 0 } }"""));

    private async Task<string> ReportAsync()
    {
        var (exitCode, output, error) = await Loading.RunAsync("report", Path.GetDirectoryName(_loading.Body)!);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }
}
