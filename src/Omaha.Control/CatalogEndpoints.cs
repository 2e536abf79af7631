using System.Text;
using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>What can be read through the API.</summary>
internal sealed class CatalogEndpoints(CatalogStore store)
{
    public static readonly QueryKey SchemaOf = new("of", "What it is of: catalogue, which is meant when it is not given, or releases for a document of them");

    private const int MostFaults = 100;

    /// <summary>How often an export is begun anew because the catalogue changed under it.</summary>
    private const int Attempts = 5;

    private static readonly byte[] CatalogueSchema = Encoding.UTF8.GetBytes(DocumentJson.Schema());
    private static readonly byte[] ReleasesSchema = Encoding.UTF8.GetBytes(DocumentJson.ReleasesSchema());

    public async Task<Reply> StatusAsync(ApiCall call)
    {
        var head = await store.ReadHeadAsync(call.Http.RequestAborted);
        var faults = new List<FaultReply>();
        if (head.Fault is { } fault) faults.Add(new FaultReply(fault.Path, fault.Message));

        int apps = 0, faulty = 0;
        await foreach (var app in store.ReadAllAsync())
        {
            apps++;
            var found = Check(app);
            if (found.Count > 0) faulty++;
            faults.AddRange(found.Take(MostFaults - faults.Count).Select(static fault => new FaultReply(fault.Path, fault.Message)));
        }

        var version = head.Version;
        return Reply.Ok(new StatusReply(version.IsNone ? null : new StoreReply(version.Epoch, version.Revision, version.ChangeId), apps, head.Brakes, faulty, faults), ApiJson.Readable.StatusReply);
    }

    public static Task<Reply> SchemaAsync(ApiCall call) => Task.FromResult((string?)call.Http.Request.Query["of"] switch
    {
        null or "catalogue" => Reply.Ok(CatalogueSchema),
        "releases" => Reply.Ok(ReleasesSchema),
        var other => Reply.Malformed(new Fault("of", $"\"{other}\" has no schema; there are those of catalogue and releases")),
    });

    public async Task<Reply> AppsAsync(ApiCall call)
    {
        var apps = new List<AppReply>();
        await foreach (var app in store.ReadAllAsync()) apps.Add(new AppReply(app.Document?.App ?? app.Id, app.Document?.Spec?.Name, [.. app.Document?.Spec?.Channels?.Keys ?? Enumerable.Empty<string>()]));
        return Reply.Ok(new AppListReply(apps), ApiJson.Readable.AppListReply);
    }

    public Task<Reply> AppAsync(ApiCall call) => store.AboutAppAsync(call, static document => Reply.Ok(DocumentJson.Write(document)));

    /// <summary>A file that is one state of the catalogue, never a mixture of two.</summary>
    public async Task<Reply> ExportAsync(ApiCall call)
    {
        var wanted = call.Http.Request.Query["app"].OfType<string>().ToList();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = await store.ReadHeadAsync(call.Http.RequestAborted);
            var (documents, refused) = wanted.Count == 0 ? await ReadAllAsync() : await ReadAsync(wanted);
            if (refused is not null) return refused;
            if ((await store.ReadHeadAsync(call.Http.RequestAborted)).Version == before.Version) return Reply.Ok(DocumentJson.Write(ExportFile.Of(documents)));
        }

        return Reply.Problem(409, $"the catalogue changed {Attempts} times while it was being read; try again");
    }

    private async Task<(List<AppDocument> Documents, Reply? Refused)> ReadAllAsync()
    {
        var documents = new List<AppDocument>();
        await foreach (var app in store.ReadAllAsync())
        {
            if (app.Document is not { } document) return ([], Reply.Problem(422, [app.Fault!]));
            documents.Add(document);
        }

        return (documents, null);
    }

    private async Task<(List<AppDocument> Documents, Reply? Refused)> ReadAsync(List<string> ids)
    {
        var documents = new Dictionary<string, AppDocument>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            if (await store.FindAsync(id) is not { } app) return ([], await store.UnknownAppAsync(id));
            if (app.Document is not { } document) return ([], Reply.Problem(422, [app.Fault!]));
            documents[app.Id] = document;
        }

        return ([.. documents.Values], null);
    }

    private static List<Fault> Check(ReadApp app)
    {
        if (app.Document is not { } document) return [app.Fault!];
        var faults = AppValidator.Check(document).Select(fault => new Fault($"{app.Id} {fault.Path}", fault.Message)).ToList();
        if (SupportedFeatures.FirstMissing(document) is { } feature) faults.Add(new Fault($"{app.Id} requires", $"\"{feature}\" is not known to this version; servers that lack it answer noupdate for this app"));
        return faults;
    }
}
