using System.CommandLine;
using System.Globalization;
using Omaha.Catalog;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>The commands that look back: <c>audit</c> and <c>diff</c>.</summary>
internal sealed class AuditCommands(Conversation conversation)
{
    /// <summary>Most entries that one request is answered with.</summary>
    private const int PageSize = 1000;

    public Verb List()
    {
        var app = new Option<string?>("--app") { Description = "Only what changed this app", HelpName = "APP" };
        var since = new Option<string?>("--since") { Description = "Only from this moment on: a date, or a length of time before now", HelpName = "WHEN" };
        var before = new Option<long?>("--before") { Description = "Only entries with numbers below this one", HelpName = "NUMBER" };
        var limit = new Option<int>("--limit") { Description = "At most so many entries; with --json at most 1000, and next tells where to go on with --before", HelpName = "N", DefaultValueFactory = static _ => 100 };
        limit.Validators.Add(result =>
        {
            if (result.GetValue(limit) < 1) result.AddError("--limit must be at least 1");
        });
        var command = new Verb("audit", "Shows what was done to the catalogue and to tokens, by whom and why, the newest first.", "omahactl audit --app com.example.app --since 7d") { app, since, before, limit };
        command.SetAction(async (parsed, cancel) =>
        {
            var (left, cursor) = (parsed.GetValue(limit), parsed.GetValue(before)?.ToString(CultureInfo.InvariantCulture));
            if (parsed.GetValue(conversation.Json))
            {
                await conversation.PrintAsync(await conversation.SendAsync(parsed, Page(cursor, Math.Min(left, PageSize)), cancel));
                return;
            }

            var entries = new List<AuditEntry>();
            do
            {
                var page = await conversation.AskAsync(parsed, Page(cursor, Math.Min(left, PageSize)), ApiJson.Default.AuditReply, cancel);
                entries.AddRange(page.Entries);
                left -= page.Entries.Count;
                cursor = page.Next;
            }
            while (left > 0 && cursor is not null);
            AuditReport.Write(entries, cursor, conversation.Surroundings.Output);

            ApiRequest Page(string? from, int count)
            {
                var query = new List<string> { string.Create(CultureInfo.InvariantCulture, $"limit={count}") };
                if (parsed.GetValue(app) is { } id) query.Add($"app={Escape(id)}");
                if (parsed.GetValue(since) is { } moment) query.Add($"since={Escape(moment)}");
                if (from is not null) query.Add($"before={from}");
                return Get($"audit?{string.Join('&', query)}");
            }
        });
        return command;
    }

    public Verb Diff()
    {
        var from = new Argument<long>("FROM") { Description = "The revision to compare from" };
        var to = new Argument<long>("TO") { Description = "The revision to compare to" };
        var app = new Option<string?>("--app") { Description = "Only this app", HelpName = "APP" };
        var command = new Verb("diff", "Shows what differs between two revisions of the catalogue, app by app.", "omahactl diff 41 42") { from, to, app };
        return conversation.Asks(
            command,
            parsed => Get(string.Create(CultureInfo.InvariantCulture, $"diff?from={parsed.GetValue(from)}&to={parsed.GetValue(to)}{(parsed.GetValue(app) is { } id ? $"&app={Escape(id)}" : "")}")),
            ApiJson.Default.DiffReply,
            AuditReport.Write);
    }
}
