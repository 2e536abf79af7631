using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Standalone;

/// <summary>Takes the changes that come through the control plane one at a time, and has each acknowledged only once it outlives a kill.</summary>
/// <remarks>
/// Garnet logs what a script does as single writes without a mark around them. Left to itself it makes each durable as it comes, and a kill
/// in between leaves half a change. So it makes durable when it is told to, and is told between changes.
/// </remarks>
internal sealed class DurableChanges(EmbeddedStore store, CatalogStore catalog, string data) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private StoreVersion _noted = StoreVersion.None;

    /// <summary>Middleware of the control plane.</summary>
    public async Task ApplyAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsGet(http.Request.Method))
        {
            await next(http);
            return;
        }

        await _gate.WaitAsync(http.RequestAborted);
        try
        {
            // Before the first byte of the answer.
            http.Response.OnStarting(CommitAsync);
            await next(http);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes durable what was written, and notes how far the catalogue has come, for <see cref="StoreCheck"/> to hold the log against at the next start. Nothing may be writing.</summary>
    public async Task CommitAsync()
    {
        // A restore begins another epoch, and a kill here may leave the log in either: so both are noted until it is known which. One that was
        // broken off leaves no epoch, and nothing to hold the log against.
        var version = (await catalog.ReadHeadAsync()).Version;
        if (version.IsNone) StoreCheck.Note(data, []);
        else if (version.Epoch != _noted.Epoch && !_noted.IsNone) StoreCheck.Note(data, [_noted, version]);
        await store.CommitAsync();
        if (version != _noted && !version.IsNone) StoreCheck.Note(data, [version]);
        _noted = version;
    }

    public void Dispose() => _gate.Dispose();
}
