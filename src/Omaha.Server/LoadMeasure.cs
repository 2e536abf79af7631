using System.Net.Sockets;

namespace Omaha.Server;

/// <summary>Measures how loaded the server is, on a thread of its own, since the threads that answer are what is measured: the lag of requests and the CPU time used.</summary>
internal sealed class LoadMeasure(LoadHold hold, ServerOptions options, ILogger<LoadMeasure> log) : IHostedService, IDisposable
{
    /// <summary>How long is measured before the hold is told.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(0.5);

    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "load measure" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Stop();
        return Task.CompletedTask;
    }

    /// <summary>A host may be disposed of without having been stopped.</summary>
    public void Dispose()
    {
        Stop();
        _stop.Dispose();
    }

    private void Stop()
    {
        if (_thread is null) return;
        _stop.Set();
        _thread.Join();
        _thread = null;
    }

    private void Run()
    {
        // The real clock: what is measured is how this process runs.
        var time = TimeProvider.System;
        var lag = TryOpen(time);
        var cores = CpuLimit.Read();
        var (begun, used) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        while (!_stop.Wait(ReadLag.Beat))
        {
            if (lag?.TrySend() == false)
            {
                lag.Dispose();
                lag = TryOpen(time);
            }

            var elapsed = time.GetElapsedTime(begun);
            if (elapsed < Window) continue;

            var now = Environment.CpuUsage.TotalTime;
            hold.Observe(lag?.TakeMedian() ?? TimeSpan.Zero, (now - used) / elapsed / cores);
            (begun, used) = (time.GetTimestamp(), now);
        }

        lag?.Dispose();
    }

    /// <summary>Without the lag the CPU time still tells something, and a server must not fail because it cannot measure itself.</summary>
    private ReadLag? TryOpen(TimeProvider time)
    {
        try
        {
            return new ReadLag(time, options.InlineSockets);
        }
        catch (SocketException error)
        {
            log.LagCannotBeMeasured(error.Message);
            return null;
        }
    }
}
