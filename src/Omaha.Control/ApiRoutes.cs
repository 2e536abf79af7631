using Omaha.Catalog;

namespace Omaha.Control;

/// <summary>The whole surface of the API, as a table.</summary>
internal static class ApiRoutes
{
    public const string Prefix = "/api/v1";

    private static readonly QueryKey DryRun = new("dryRun", "Flag: tell what would be done, and do nothing");

    /// <summary>Gives answers that routing and Kestrel make without a body, such as 404 and 405, the form of all others.</summary>
    public static void UseProblems(this WebApplication app) => app.UseStatusCodePages(static context =>
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        return Reply.Problem(response.StatusCode, response.StatusCode switch
        {
            404 => $"there is nothing at {request.Path}; the API is below {Prefix}, and {Prefix}/openapi.json describes it",
            405 => $"{request.Method} is not possible at {request.Path}; it takes {response.Headers.Allow}",
            var status => $"{request.Method} {request.Path} ended with status {status}",
        }).WriteAsync(context.HttpContext);
    });

    public static void MapApi(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<ApiGate>();
        var api = app.MapGroup(Prefix);
        foreach (var route in Of(app.Services)) api.MapMethods(route.Path, [route.Method], gate.Open(route));
    }

    /// <summary>Every route there is.</summary>
    public static IReadOnlyList<ApiRoute> Of(IServiceProvider services)
    {
        var catalog = services.GetRequiredService<CatalogEndpoints>();
        var change = services.GetRequiredService<ChangeEndpoints>();
        var channel = services.GetRequiredService<ChannelEndpoints>();
        var release = services.GetRequiredService<ReleaseEndpoints>();
        var rollout = services.GetRequiredService<RolloutEndpoints>();
        var part = services.GetRequiredService<PartEndpoints>();
        var explain = services.GetRequiredService<ExplainEndpoints>();
        var audit = services.GetRequiredService<AuditEndpoints>();
        var token = services.GetRequiredService<TokenEndpoints>();
        var backup = services.GetRequiredService<BackupEndpoints>();
        var description = new OpenApiDocument();

        ApiRoute[] routes =
        [
            Get("/openapi.json", Role.Viewer, "This description", description.AnswerAsync),
            Get("/status", Role.Viewer, "Revision, brakes and faults of the store", catalog.StatusAsync) with { Answer = ApiJson.Default.StatusReply },
            Get("/schema", Role.Viewer, "JSON schema of what is declared in files", CatalogEndpoints.SchemaAsync, CatalogEndpoints.SchemaOf),
            Get("/export", Role.Viewer, "The file that declares what is stored", catalog.ExportAsync, new QueryKey("app", "Only this app; may be given several times")) with { Answer = DocumentJson.FileType },
            Get("/apps", Role.Viewer, "All apps", catalog.AppsAsync) with { Answer = ApiJson.Default.AppListReply },
            Get("/apps/{id}", Role.Viewer, "One app's document", catalog.AppAsync) with { Answer = DocumentJson.AppType },
            Get("/apps/{id}/channels", Role.Viewer, "What each channel of an app points to", channel.ListAsync) with { Answer = ApiJson.Default.ChannelListReply },
            Get("/apps/{id}/history", Role.Viewer, "What each channel of an app pointed to", channel.HistoryAsync, new QueryKey("channel", "Only this channel")) with { Answer = ApiJson.Default.HistoryReply },
            Get("/apps/{id}/releases", Role.Viewer, "All releases of an app, and where they are", release.ListAsync) with { Answer = ApiJson.Default.ReleaseListReply },
            Get("/apps/{id}/releases/{version}", Role.Viewer, "One version of an app, for each target", release.ShowAsync, new QueryKey("target", "Only this target")) with { Answer = ApiJson.Default.ReleaseListReply },
            Get("/apps/{id}/rollouts", Role.Viewer, "The rollouts of an app, and how far they are", rollout.ListAsync, new QueryKey("channel", "Only this channel")) with { Answer = ApiJson.Default.RolloutListReply },
            Get("/apps/{id}/groups", Role.Viewer, "The groups of an app", part.GroupsAsync) with { Answer = ApiJson.Default.GroupListReply },
            Get("/explain", Role.Viewer, "What a machine is told, and by which rules", explain.AnswerAsync, ExplainEndpoints.Keys) with { Answer = ApiJson.Default.ExplainReply },
            Get("/audit", Role.Viewer, "What was done, the newest first", audit.ListAsync, AuditEndpoints.ListKeys) with { Answer = ApiJson.Default.AuditReply },
            Get("/diff", Role.Viewer, "What differs between two revisions", audit.DiffAsync, AuditEndpoints.DiffKeys) with { Answer = ApiJson.Default.DiffReply },

            Post("/apps/{id}/channels/{channel}/promote", Role.Promoter, "Point a channel to what is complete on the channel before it", channel.PromoteAsync) with { Request = ApiJson.Default.PromoteRequest, Answer = ApiJson.Default.ChannelReply },
            Post("/apps/{id}/channels/{channel}/set", Role.Promoter, "Point a first channel to a release", channel.SetAsync) with { Request = ApiJson.Default.SetRequest, Answer = ApiJson.Default.ChannelReply },
            Post("/apps/{id}/channels/{channel}/revert", Role.Promoter, "Point a channel back to what was complete on it before", channel.RevertAsync) with { Request = ApiJson.Default.RevertRequest, Answer = ApiJson.Default.ChannelReply },

            Post("/apps/{id}/channels/{channel}/rollout/start", Role.Promoter, "Expose a release on a channel step by step", rollout.StartAsync) with { Request = ApiJson.Default.StartRolloutRequest, Answer = ApiJson.Default.ChannelReply },
            Post("/apps/{id}/channels/{channel}/rollout/set", Role.Promoter, "Raise the exposure of a rollout", rollout.SetAsync) with { Request = ApiJson.Default.SetRolloutRequest, Answer = ApiJson.Default.RolloutReply },
            Post("/apps/{id}/channels/{channel}/rollout/pause", Role.Promoter, "Stop a rollout for a while", rollout.PauseAsync) with { Request = ApiJson.Default.StopRolloutRequest, Answer = ApiJson.Default.RolloutReply },
            Post("/apps/{id}/channels/{channel}/rollout/halt", Role.Promoter, "Stop a rollout for safety", rollout.HaltAsync) with { Request = ApiJson.Default.StopRolloutRequest, Answer = ApiJson.Default.RolloutReply },
            Post("/apps/{id}/channels/{channel}/rollout/resume", Role.Promoter, "Let a rollout go on from where it stood", rollout.ResumeAsync) with { Request = ApiJson.Default.StopRolloutRequest, Answer = ApiJson.Default.RolloutReply },
            Post("/apps/{id}/channels/{channel}/rollout/expedite", Role.Promoter, "Let everybody have a release at once, also outside of windows", rollout.ExpediteAsync) with { Request = ApiJson.Default.StopRolloutRequest, Answer = ApiJson.Default.RolloutReply },

            Post("/apply", Role.Operator, "Declare apps", change.ApplyAsync, DryRun, new QueryKey("prune", "Delete this app; may be given several times"), new QueryKey("revision", "The revision that the file was held against; refused when the catalogue is at another")) with { Request = DocumentJson.FileType, Answer = ApiJson.Default.ApplyReply },
            Post("/apps/{id}/releases", Role.Operator, "Add releases to an app", release.AddAsync, DryRun) with { Request = DocumentJson.ReleasesType, Answer = ApiJson.Default.ReleaseReply },
            Post("/apps/{id}/releases/{version}/relocate", Role.Operator, "Say where a release's packages lie now", release.RelocateAsync) with { Request = ApiJson.Default.RelocateRequest, Answer = ApiJson.Default.ReleaseReply },
            Post("/apps/{id}/releases/{version}/block", Role.Operator, "Keep a release from every machine", release.BlockAsync) with { Request = ApiJson.Default.BlockRequest, Answer = ApiJson.Default.ReleaseReply },
            Post("/apps/{id}/releases/{version}/unblock", Role.Operator, "Let a blocked release be offered again", release.UnblockAsync) with { Request = ApiJson.Default.BlockRequest, Answer = ApiJson.Default.ReleaseReply },
            Post("/apps/{id}/releases/{version}/remove", Role.Operator, "Remove a release that nothing refers to", release.RemoveAsync) with { Request = ApiJson.Default.RemoveRequest, Answer = ApiJson.Default.ReleaseReply },
            Post("/apps/{id}/groups/{group}/add", Role.Operator, "Add a group", part.AddGroupAsync) with { Request = ApiJson.Default.GroupRequest, Answer = ApiJson.Default.GroupReply },
            Post("/apps/{id}/groups/{group}/set", Role.Operator, "Change a group", part.SetGroupAsync) with { Request = ApiJson.Default.GroupRequest, Answer = ApiJson.Default.GroupReply },
            Post("/apps/{id}/groups/{group}/remove", Role.Operator, "Remove a group", part.RemoveGroupAsync) with { Request = ApiJson.Default.RemoveGroupRequest, Answer = ApiJson.Default.GroupReply },
            Post("/apps/{id}/pause", Role.Operator, "Stop every offer of an app, a channel or a group", part.PauseAsync) with { Request = ApiJson.Default.PausePartRequest, Answer = ApiJson.Default.PausePartReply },
            Post("/apps/{id}/resume", Role.Operator, "Let offers of an app, a channel or a group go out again", part.ResumeAsync) with { Request = ApiJson.Default.PausePartRequest, Answer = ApiJson.Default.PausePartReply },
            Post("/brakes/poll-interval", Role.Operator, "Let no machine ask again sooner", change.BrakePollingAsync) with { Request = ApiJson.Default.PollBrakeRequest, Answer = ApiJson.Default.BrakesReply },
            Post("/pause", Role.Operator, "Stop every offer", change.PauseAsync) with { Request = ApiJson.Default.PauseRequest, Answer = ApiJson.Default.BrakesReply },
            Post("/resume", Role.Operator, "Let offers go out again", change.ResumeAsync) with { Request = ApiJson.Default.PauseRequest, Answer = ApiJson.Default.BrakesReply },
            Post("/store/accept", Role.Operator, "Tell all servers that the store as it is now is the truth", change.AcceptAsync, new QueryKey("empty", "Flag: also when it holds no apps")) with { Answer = ApiJson.Default.AcceptReply },

            Get("/tokens", Role.Admin, "All tokens, without their secrets", token.ListAsync) with { Answer = ApiJson.Default.TokenListReply },
            Post("/tokens", Role.Admin, "Make a token; the answer is the only copy of its secret", token.CreateAsync) with { Request = ApiJson.Default.TokenRequest, Answer = ApiJson.Default.TokenCreatedReply },
            new ApiRoute("DELETE", "/tokens/{token}", Role.Admin, "End a token at once", token.RevokeAsync) { Answer = ApiJson.Default.TokenReply },
            Get("/backup", Role.Admin, "All that the store holds, with hashes of tokens, as one state", backup.BackUpAsync) with { GivesLines = true },
            Post("/restore", Role.Admin, "Put a backup in place of what the store holds", backup.RestoreAsync, DryRun, BackupEndpoints.Overwrite) with { TakesLines = true, Answer = ApiJson.Default.RestoreReply },
        ];
        description.Describe(routes);
        return routes;
    }

    private static ApiRoute Get(string path, Role needed, string summary, Func<ApiCall, Task<Reply>> handler, params QueryKey[] query) => new("GET", path, needed, summary, handler) { Query = query };

    private static ApiRoute Post(string path, Role needed, string summary, Func<ApiCall, Task<Reply>> handler, params QueryKey[] query) => new("POST", path, needed, summary, handler) { Query = query };
}
