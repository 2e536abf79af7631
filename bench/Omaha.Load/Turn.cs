using System.Threading.Tasks.Sources;

namespace Omaha.Load;

/// <summary>A connection's wait for its next request; one for each connection, used again and again.</summary>
internal sealed class Turn : IValueTaskSource<Arrival>
{
    private ManualResetValueTaskSourceCore<Arrival> _wait;

    /// <summary>Begins to wait.</summary>
    public ValueTask<Arrival> WaitAsync()
    {
        _wait.Reset();
        return new ValueTask<Arrival>(this, _wait.Version);
    }

    /// <summary>Ends the wait; the connection sends on this thread before this returns.</summary>
    public void Give(Arrival arrival) => _wait.SetResult(arrival);

    Arrival IValueTaskSource<Arrival>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Arrival>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<Arrival>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);
}
