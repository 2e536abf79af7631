using System.Globalization;

namespace Omaha.Faults;

/// <summary>Runs one fault under constant load: a while before it, from a second before it until it is over, and a while after.</summary>
internal sealed class FaultRunner(Programs programs, bool isQuick)
{
    /// <summary>What is offered before the fault.</summary>
    public const string First = "1.0.0";

    /// <summary>What is published after it.</summary>
    public const string Next = "2.0.0";

    /// <summary>A tail below this is noise of the machine, and not compared.</summary>
    private const double QuietMilliseconds = 10;

    private const double WorstRatio = 2;

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    private readonly TimeSpan _phase = TimeSpan.FromSeconds(isQuick ? 3 : 10);
    private readonly TimeSpan _hold = TimeSpan.FromSeconds(isQuick ? 1 : 4);

    public async Task<FaultResult> RunAsync(FaultCase fault)
    {
        if (fault.SkipReason is { } reason) return new FaultResult(fault) { Skipped = reason };
        var result = new FaultResult(fault);
        try
        {
            await RunAsync(fault, result);
        }
        catch (Exception error) when (IsTrouble(error))
        {
            result.Faults.Add(error.Message);
        }

        return result;
    }

    private async Task RunAsync(FaultCase fault, FaultResult result)
    {
        await using var site = await Site.StartAsync(programs, fault, First);
        try
        {
            await RunAsync(fault, site, result);
            Judge(fault, result);
        }
        catch (Exception error) when (IsTrouble(error))
        {
            result.Faults.Add(error.Message);
            result.Faults.AddRange(site.Servers.Select(static server => $"log of {Path.GetFileName(server.Folder)}: {server.LogTail()}"));
        }
    }

    private async Task RunAsync(FaultCase fault, Site site, FaultResult result)
    {
        await fault.Arrange(site);
        result.Before = await LoadAsync(site, FaultCatalog.Offer(First));

        var loads = Start(site, Long, [FaultCatalog.Offer(First), FaultCatalog.Offer(Next), .. fault.AlsoRight]);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            var began = TimeProvider.System.GetTimestamp();
            var seen = fault.IsVisible is null ? Task.FromResult<TimeSpan?>(null) : SeeAsync(fault, site, began);
            await fault.Inject(site);
            result.Visible = fault.Limit is null ? await seen : null;
            if (fault.Limit is null) await Task.Delay(_hold);
            await fault.Heal(site);

            began = TimeProvider.System.GetTimestamp();
            await fault.Recover(site);
            result.Recovered = TimeProvider.System.GetElapsedTime(began);
            if (fault.Limit is not null) result.Visible = seen.IsCompleted ? await seen : null;
            await fault.Finish(site);
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        finally
        {
            foreach (var load in loads) load.Stop();
            result.During = Answers.Of(await Task.WhenAll(loads.Select(static load => load.ResultAsync())));
            foreach (var load in loads) load.Dispose();
        }

        result.After = await LoadAsync(site, FaultCatalog.Offer(Next));
    }

    private static bool IsTrouble(Exception error) => error is TimeoutException or InvalidOperationException or HttpRequestException or TaskCanceledException or IOException;

    private void Judge(FaultCase fault, FaultResult result)
    {
        foreach (var (phase, answers) in new[] { ("before", result.Before!), ("during", result.During!), ("after", result.After!) })
        {
            if (answers.Failed + answers.Wrong > 0) result.Faults.Add($"{answers.Failed} checks failed and {answers.Wrong} were answered wrongly {phase}: {string.Join("; ", answers.Examples)}");
        }

        if (result.Recovered > fault.Limit) result.Faults.Add(string.Create(CultureInfo.InvariantCulture, $"the recovery took {result.Recovered!.Value.TotalMilliseconds:0} ms; {fault.Limit.Value.TotalMilliseconds:0} ms are allowed"));
        var allowed = Math.Max(QuietMilliseconds, WorstRatio * result.Before!.P99Milliseconds);
        if (!isQuick && result.During!.P99Milliseconds > allowed) result.Faults.Add(string.Create(CultureInfo.InvariantCulture, $"the tail is {result.During.P99Milliseconds:0.0} ms during the fault; {allowed:0.0} ms are allowed"));
    }

    private static async Task<TimeSpan?> SeeAsync(FaultCase fault, Site site, long began)
    {
        await Until.TrueAsync(() => fault.IsVisible!(site), () => "the fault shows nowhere");
        return TimeProvider.System.GetElapsedTime(began);
    }

    private async Task<Answers> LoadAsync(Site site, params string[] rightAnswers)
    {
        var loads = Start(site, _phase, rightAnswers);
        var answers = Answers.Of(await Task.WhenAll(loads.Select(static load => load.ResultAsync())));
        foreach (var load in loads) load.Dispose();
        return answers;
    }

    private List<LoadProcess> Start(Site site, TimeSpan duration, IReadOnlyList<string> rightAnswers) =>
        [.. site.Servers.Select(server => new LoadProcess(programs, server, duration, rightAnswers))];
}

/// <summary>What a fault did.</summary>
internal sealed class FaultResult(FaultCase fault)
{
    public FaultCase Fault => fault;

    public Answers? Before { get; set; }

    public Answers? During { get; set; }

    public Answers? After { get; set; }

    /// <summary>From the fault until operators could see it; null when there was nothing to see, or it was over before.</summary>
    public TimeSpan? Visible { get; set; }

    /// <summary>From the end of the fault until every server offered what was published then.</summary>
    public TimeSpan? Recovered { get; set; }

    public string? Skipped { get; init; }

    /// <summary>What is not as it must be.</summary>
    public List<string> Faults { get; } = [];
}
