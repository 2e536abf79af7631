namespace Omaha.Testing;

/// <summary>Waits for what happens elsewhere and says nothing when it does.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Returns when a condition holds, and fails when it does not come to hold.</summary>
    public static async Task IsTrueAsync(Func<bool> condition, Func<string>? explain = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            if (patience.IsCancellationRequested) throw new TimeoutException($"It was not so within {Patience}. {explain?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }
    }
}
