using System.Text.Json.Serialization;
using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Server;

/// <summary>What load balancers and operators ask: does the process run, and can it answer machines.</summary>
internal sealed class HealthPages(CatalogReplica replica, ISnapshotSource catalog, SelfProbe probe, Readiness readiness, DiskSnapshot? disk, Drain drain, TimeProvider time)
{
    /// <summary>Operators read this page in a terminal: quotes and the like are left as they are.</summary>
    private static readonly ReadyJson Json = new(new System.Text.Json.JsonSerializerOptions(ReadyJson.Default.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>200 as long as the process can answer at all.</summary>
    public static Task LiveAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync("live\n");
    }

    /// <summary>200 once there is a catalogue and the server has answered a request of its own, 503 before and while it stops. The body says how things stand; a store that is away does not make a server unready, since it answers from what it holds.</summary>
    public Task ReadyAsync(HttpContext http)
    {
        var status = replica.Status;
        var stopping = drain.IsDraining;
        var ready = readiness.IsReady;
        var reply = new ReadyReply(
            ready,
            stopping ? "The server stops." : !status.HasCatalog ? "There is no catalogue yet. " + status.Message : !probe.Passed ? "The server has not answered a request of its own yet." : status.StoreFault is { } fault ? $"The store's {fault}. {status.Message}" : status.Message,
            status.State.ToString(),
            status.Version.ToString(),
            status.StoreVersion.ToString(),
            status.IsFromDisk,
            replica.Age?.TotalSeconds,
            status.Connected,
            status.StoreFault?.ToString(),
            status.Apps,
            catalog.Current.Brakes.PauseAll,
            catalog.RampLimit < time.GetUtcNow(),
            status.FaultyApps,
            status.Faulty,
            status.UnsupportedApps,
            status.Unsupported,
            disk?.Status is { } snapshot ? new SnapshotReply(snapshot.Path, snapshot.Version.ToString(), snapshot.Confirmed, snapshot.Bytes, snapshot.Fault) : null);

        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(reply, Json.ReadyReply, "application/json; charset=utf-8");
    }
}

/// <summary>Body of <c>/readyz</c>.</summary>
/// <param name="Ready">Whether machines can be sent here.</param>
/// <param name="Message">How things stand, in words, with what to do about it.</param>
/// <param name="Replica">How the replica stands to the store.</param>
/// <param name="Version">The state of the store that is served, epoch:revision:change.</param>
/// <param name="StoreVersion">The state that the store was last seen in.</param>
/// <param name="FromDisk">Whether what is served was kept on disk by an earlier run and the store has not confirmed it since.</param>
/// <param name="AgeSeconds">Seconds since the store last agreed with what is served; absent when it never did.</param>
/// <param name="StoreConnected">Whether a connection to the store is open.</param>
/// <param name="StoreFault">What is wrong with the store's head or brakes.</param>
/// <param name="Apps">Apps in the catalogue.</param>
/// <param name="PausedAll">Who paused everything, if anyone did.</param>
/// <param name="RampsFrozen">Whether exposure stands still because the store was not heard of for too long.</param>
/// <param name="FaultyApps">Apps whose documents have faults; they are served in their last good form.</param>
/// <param name="Faulty">The first of them.</param>
/// <param name="UnsupportedApps">Apps that require what this build lacks; they are answered with noupdate.</param>
/// <param name="Unsupported">The first of them.</param>
/// <param name="Snapshot">How the snapshot on disk stands; absent when none is kept.</param>
internal sealed record ReadyReply(
    bool Ready,
    string Message,
    string Replica,
    string Version,
    string StoreVersion,
    bool FromDisk,
    double? AgeSeconds,
    bool StoreConnected,
    string? StoreFault,
    int Apps,
    Mark? PausedAll,
    bool RampsFrozen,
    int FaultyApps,
    IReadOnlyList<ContainedApp> Faulty,
    int UnsupportedApps,
    IReadOnlyList<ContainedApp> Unsupported,
    SnapshotReply? Snapshot);

/// <summary>The snapshot on disk, in the body of <c>/readyz</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Version">The state of the store that it shows.</param>
/// <param name="Confirmed">When the store was in that state.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Fault">Why it could not be used at the start, or cannot be written now.</param>
internal sealed record SnapshotReply(string Path, string Version, DateTimeOffset? Confirmed, long Bytes, string? Fault);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(ReadyReply))]
internal sealed partial class ReadyJson : JsonSerializerContext;
