using System.Globalization;
using Omaha.Catalog;
using Omaha.Protocol;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>Explains what a machine is told, now or at a time in the past, by the rules that the servers apply.</summary>
internal sealed class ExplainEndpoints(CatalogStore store, AuditStore audit, TimeProvider time)
{
    public static readonly QueryKey[] Keys =
    [
        new("app", "The app's id, or an alias"), new("track", "The track that the machine sends"), new("board", "Its board, such as amd64-usr"), new("node", "Its machine id"),
        new("version", "What it has installed"), new("interactive", "Flag: somebody asks by hand"), new("oem", "Its OEM"), new("platform", "Its operating system, such as CoreOS"),
        new("arch", "The architecture of that"), new("prefix", "A version prefix that it asks for"), new("at", "When it asks; now when absent"),
    ];

    public async Task<Reply> AnswerAsync(ApiCall call)
    {
        var query = call.Http.Request.Query;
        if (!call.TryReadFlag("interactive", out var interactive)) return call.NoFlag("interactive");
        if ((string?)query["app"] is not { Length: > 0 } app) return Reply.Malformed(new Fault("app", "is missing; name the app that the machine asks about"));
        var now = time.GetUtcNow();
        var at = now;
        if ((string?)query["at"] is { } text && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at))
        {
            return Reply.Malformed(new Fault("at", $"\"{text}\" is no moment; write one such as 2026-11-22T04:12Z"));
        }

        if (Duration.CheckAhead(at, now, "at") is { } tooFar) return Reply.Malformed(tooFar);
        var machine = new ExplainQuery
        {
            App = app,
            Track = query["track"],
            Board = query["board"],
            Node = query["node"],
            Version = query["version"],
            Interactive = interactive,
            Oem = query["oem"],
            Platform = query["platform"],
            Arch = query["arch"],
            Prefix = query["prefix"],
        };
        try
        {
            // A time to come is told by what holds now: nobody knows what will be changed until then.
            return at >= now ? await NowAsync(machine, at, call.Http.RequestAborted) : await ThenAsync(machine, at, call.Http.RequestAborted);
        }
        catch (ArgumentException unsendable)
        {
            return Reply.Malformed(new Fault("", unsendable.Message));
        }
    }

    private async Task<Reply> NowAsync(ExplainQuery machine, DateTimeOffset at, CancellationToken cancel)
    {
        var head = await store.ReadHeadAsync(cancel);
        var document = await FindAsync(machine.App, cancel);
        return Answer(machine, at, head.Version.Revision, head.Brakes, document);
    }

    private async Task<Reply> ThenAsync(ExplainQuery machine, DateTimeOffset at, CancellationToken cancel)
    {
        if (AppKey.Of(machine.App) is not { } key) return Answer(machine, at, 0, Brakes.None, null);
        if (await audit.FindAsync(at, cancel) is not { } entry) return NotRecorded(at, "the audit does not go back that far");

        // An alias of that time is not looked for; today's leads to the app.
        if (await FindAsync(machine.App, cancel) is { App: { } known } && AppKey.Of(known) is { } own) key = own;
        var past = await audit.ReadDocumentAsync(key, entry.Number, cancel);
        if (!past.IsRecorded || await audit.ReadBrakesAsync(entry.Number, cancel) is not { } brakes) return NotRecorded(at, "the form that the app, or the brakes, had then is not kept");
        var document = past.Json is { } json ? DocumentJson.ReadApp(json, out _) : null;
        return past.Json is not null && document is null ? NotRecorded(at, "the document of that time cannot be read") : Answer(machine, at, entry.Revision, brakes, document);
    }

    private static Reply Answer(ExplainQuery machine, DateTimeOffset at, long revision, Brakes brakes, AppDocument? document)
    {
        var editor = CatalogSnapshot.Empty.Edit();
        editor.Brakes = brakes;
        if (document is not null)
        {
            var unsupported = SupportedFeatures.FirstMissing(document) is not null;
            if (!unsupported && AppValidator.Check(document) is { Count: > 0 }) editor.Put(CatalogApp.NotServed(document.App!, AppStanding.Unreadable));
            else editor.Put(CatalogApp.From(document));
        }

        var explained = Explain.Of(editor.Build(), machine, at);
        return Reply.Ok(new ExplainReply(document?.App ?? machine.App, at, revision, explained.Decision, explained.Version, explained.Summary, explained.Rules), ApiJson.Readable.ExplainReply);
    }

    /// <summary>The app with an id or an alias; null when there is none that can be read.</summary>
    private async Task<AppDocument?> FindAsync(string id, CancellationToken cancel)
    {
        if (AppKey.Of(id) is not { } key) return null;
        if (await store.FindAsync(id) is { } found) return found.Document;
        await foreach (var app in store.ReadAllAsync().WithCancellation(cancel))
        {
            if (app.Document?.Spec?.Aliases?.Exists(alias => alias is not null && AppKey.Of(alias) == key) == true) return app.Document;
        }

        return null;
    }

    private static Reply NotRecorded(DateTimeOffset at, string why) => Reply.Problem(404, [new Fault("at", $"{at:u} is not recorded: {why}")]);
}
