namespace Omaha.Redis;

/// <summary>A question that is asked again and again, each time without waiting long. An answer that comes later counts the next time, so that a slow network delays it and does not lose it.</summary>
/// <param name="ask">Asks once. Fails only by returning null.</param>
internal sealed class LateAnswer<T>(Func<Task<T?>> ask) where T : class
{
    private Task<T?>? _asking;

    /// <summary>The answer to this question, or to the last one when that is still open; null when there is none within the time given. One call at a time.</summary>
    public async Task<T?> AskAsync(TimeSpan patience)
    {
        var asking = _asking ??= ask();
        await Task.WhenAny(asking, Task.Delay(patience));
        if (!asking.IsCompleted) return null;
        _asking = null;
        return await asking;
    }
}
