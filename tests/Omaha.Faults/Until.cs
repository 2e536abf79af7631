namespace Omaha.Faults;

/// <summary>Waits by looking again and again.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns when a condition holds.</summary>
    /// <exception cref="TimeoutException">It does not within a minute.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new TimeoutException($"after {Patience.TotalSeconds:0} s {what()}");
            await Task.Delay(Step);
        }
    }
}
