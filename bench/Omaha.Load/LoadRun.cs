namespace Omaha.Load;

/// <summary>One run: opens the connections, asks once with each body, warms up, measures.</summary>
/// <param name="plan">What to do.</param>
/// <param name="time">Dates the result.</param>
/// <param name="progress">Gets a line a second, or one for each hundredth of a long run.</param>
internal sealed class LoadRun(LoadPlan plan, TimeProvider time, TextWriter progress)
{
    /// <summary>How often time-outs are looked for, and the shortest interval of a result.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a request may have waited when somebody ends the run, and how long those that are under way are waited for then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly List<Interval> _intervals = [];
    private long _peakMemory;

    /// <exception cref="LoadException">The server cannot be asked or does not answer as it should; nothing was measured.</exception>
    public async Task<LoadResult> RunAsync(CancellationToken interrupted)
    {
        var started = time.GetUtcNow();
        var connections = Enumerable.Range(0, plan.Connections).Select(index => new Connection(plan, index)).ToArray();
        try
        {
            await AskOnceAsync(connections[0], interrupted);
            if (plan.WarmUp > TimeSpan.Zero && !interrupted.IsCancellationRequested)
            {
                await progress.WriteLineAsync($"warming up for {plan.WarmUp.TotalSeconds:0.#} s");
                await PhaseAsync(connections, plan.WarmUp, isMeasured: false, interrupted);
            }

            var serverBefore = plan.ServerPid is { } pid ? ProcessUsage.Of(pid) : null;
            var generatorBefore = ProcessUsage.Of(Environment.ProcessId);
            var (arrivals, measured) = await PhaseAsync(connections, plan.Duration, isMeasured: true, interrupted);
            // The time that was asked for counts whole, although the last reply may have come before its end.
            var endedByNumber = plan.Rate is null && measured.Right + measured.Errors == plan.MostRequests;
            var end = endedByNumber || interrupted.IsCancellationRequested ? measured.Last : Math.Max(measured.Last, arrivals.End);
            var seconds = Math.Max(1e-9, Clock.Seconds(end - arrivals.Start));
            return new LoadResult
            {
                Started = started,
                Url = plan.Target.Url.ToString(),
                Labels = plan.Labels,
                Bodies = [.. plan.Requests.Select(static request => new BodyResult(request.Name, request.BodyBytes))],
                Connections = plan.Connections,
                NewConnections = plan.NewConnections,
                Nodes = plan.NodeCount,
                Rate = plan.Rate,
                Seconds = seconds,
                Interrupted = interrupted.IsCancellationRequested,
                Requests = measured.Right + measured.Errors,
                Right = measured.Right,
                Throughput = measured.Right / seconds,
                Errors = ErrorsOf(measured),
                Latency = TimesResult.Of(measured.Latency),
                Delay = TimesResult.Of(measured.Delay),
                Served = TimesResult.Of(plan.Rate is null ? measured.Latency : measured.Served),
                Generator = Usage(Environment.ProcessId, generatorBefore, measured.Replies, seconds, peakMemory: null),
                Server = plan.ServerPid is { } server ? Usage(server, serverBefore, measured.Replies, seconds, _peakMemory) : null,
                Percentiles = PercentilePoint.Of(measured.Latency),
                Intervals = _intervals,
            };
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }

    /// <summary>A server that is away, or answers something else, is said at once and not loaded.</summary>
    private async Task AskOnceAsync(Connection connection, CancellationToken interrupted)
    {
        for (var i = 0; i < plan.Requests.Count && !interrupted.IsCancellationRequested; i++)
        {
            var asking = connection.AskOnceAsync(i);
            await WatchAsync(asking, [connection], interrupted);
            var (outcome, reply) = await asking;
            if (outcome.Fault == Fault.None || interrupted.IsCancellationRequested) continue;

            var seen = reply.Length > 0 ? $"; the reply begins with \"{reply}\"" : "";
            throw new LoadException(LoadException.Failed, $"{plan.Target.Url} does not answer {plan.Requests[i].Name} as it should ({outcome.Fault.ToString().ToLowerInvariant()}): {outcome.Detail}{seen}");
        }
    }

    private async Task<(Arrivals Arrivals, Measurements Measured)> PhaseAsync(Connection[] connections, TimeSpan duration, bool isMeasured, CancellationToken interrupted)
    {
        var measured = new Measurements(countsDelay: plan.Rate is not null);
        Arrivals arrivals = plan.Rate is { } rate
            ? new OpenArrivals(rate, Clock.Nanoseconds(duration), plan.MostRequests, connections.Length)
            : new ClosedArrivals(Clock.Nanoseconds(duration), plan.MostRequests);
        var running = Task.WhenAll(connections.Select(connection => Task.Run(() => connection.RunAsync(arrivals, measured), CancellationToken.None)));
        await WatchAsync(running, connections, interrupted, arrivals, isMeasured ? measured : null);
        await running;
        measured.AddUnsent(arrivals.Untaken);
        return (arrivals, measured);
    }

    /// <summary>Looks after requests that are under way until all are done: ends those whose time is up, ends the run when it is over, and keeps the record of its intervals.</summary>
    private async Task WatchAsync(Task running, Connection[] connections, CancellationToken interrupted, Arrivals? arrivals = null, Measurements? measured = null)
    {
        var timeout = Clock.Nanoseconds(plan.Timeout);
        var length = Math.Ceiling(plan.Duration / Tick / 100) * Tick.TotalSeconds;
        var (intervalBegin, said, stoppedAt) = (0.0, 0.0, 0L);
        for (var isOver = false; !isOver;)
        {
            await Task.WhenAny(running, Task.Delay(Tick, CancellationToken.None));
            isOver = running.IsCompleted;
            var now = Clock.Now;
            if (stoppedAt == 0 && (interrupted.IsCancellationRequested || now > arrivals?.End + timeout))
            {
                // Whoever ends a run in the middle always finds a request that is just due; one that has waited for long is an error.
                arrivals?.Stop(interrupted.IsCancellationRequested ? now - Clock.Nanoseconds(Patience) : now);
                stoppedAt = now;
            }

            var oldest = interrupted.IsCancellationRequested && now > stoppedAt + Clock.Nanoseconds(Patience) ? now : now - timeout;
            foreach (var connection in connections) connection.GiveUpIfBegunBefore(oldest);
            if (measured is null) continue;

            var at = Clock.Seconds(now - arrivals!.Start);
            if (at - intervalBegin < length && !isOver) continue;
            _intervals.Add(measured.TakeInterval(intervalBegin, at - intervalBegin));
            intervalBegin = at;
            if (plan.ServerPid is { } pid && ProcessUsage.Of(pid) is { } usage) _peakMemory = Math.Max(_peakMemory, usage.Memory);
            if (at - said < 1) continue;
            await progress.WriteLineAsync(TextReport.Progress(_intervals, said, at, measured.Errors));
            said = at;
        }
    }

    private static ErrorsResult ErrorsOf(Measurements measured)
    {
        var kinds = Enum.GetValues<Fault>().Where(fault => fault != Fault.None && measured.Of(fault) > 0).ToList();
        return new ErrorsResult(
            measured.Errors,
            kinds.ToDictionary(static fault => fault.ToString().ToLowerInvariant(), measured.Of),
            kinds.ToDictionary(static fault => fault.ToString().ToLowerInvariant(), fault => measured.ExampleOf(fault) ?? ""));
    }

    private static UsageResult Usage(int pid, ProcessUsage? before, long replies, double seconds, long? peakMemory)
    {
        if (before is not { } first || ProcessUsage.Of(pid) is not { } last) return new UsageResult(pid, null, null, null, null);
        const double MiB = 1024 * 1024;
        var cpu = last.Cpu - first.Cpu;
        return new UsageResult(pid, replies == 0 ? null : cpu.TotalMicroseconds / replies, cpu.TotalSeconds / seconds, last.Memory / MiB, Math.Max(peakMemory ?? 0, last.Memory) / MiB);
    }
}
