namespace Omaha.Control;

/// <summary>The whole surface of the API, each route with the role that it takes and the query keys that it knows.</summary>
internal static class ApiRoutes
{
    /// <summary>Gives answers that routing and Kestrel make without a body, such as 404 and 405, the form of all others.</summary>
    public static void UseProblems(this WebApplication app) => app.UseStatusCodePages(static context =>
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        return Reply.Problem(response.StatusCode, response.StatusCode switch
        {
            404 => $"there is nothing at {request.Path}; the API is below /api/v1",
            405 => $"{request.Method} is not possible at {request.Path}; it takes {response.Headers.Allow}",
            var status => $"{request.Method} {request.Path} ended with status {status}",
        }).WriteAsync(context.HttpContext);
    });

    public static void MapApi(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<ApiGate>();
        var catalog = app.Services.GetRequiredService<CatalogEndpoints>();
        var change = app.Services.GetRequiredService<ChangeEndpoints>();
        var channel = app.Services.GetRequiredService<ChannelEndpoints>();
        var release = app.Services.GetRequiredService<ReleaseEndpoints>();

        var api = app.MapGroup("/api/v1");
        api.MapGet("/status", gate.Open(Role.Viewer, catalog.StatusAsync));
        api.MapGet("/schema", gate.Open(Role.Viewer, CatalogEndpoints.SchemaAsync));
        api.MapGet("/export", gate.Open(Role.Viewer, catalog.ExportAsync, "app"));
        api.MapGet("/apps", gate.Open(Role.Viewer, catalog.AppsAsync));
        api.MapGet("/apps/{id}", gate.Open(Role.Viewer, catalog.AppAsync));
        api.MapGet("/apps/{id}/channels", gate.Open(Role.Viewer, channel.ListAsync));
        api.MapGet("/apps/{id}/history", gate.Open(Role.Viewer, channel.HistoryAsync, "channel"));
        api.MapGet("/apps/{id}/releases", gate.Open(Role.Viewer, release.ListAsync));
        api.MapGet("/apps/{id}/releases/{version}", gate.Open(Role.Viewer, release.ShowAsync, "target"));

        api.MapPost("/apply", gate.Open(Role.Operator, change.ApplyAsync, "dryRun", "prune", "revision"));
        api.MapPost("/apps/{id}/channels/{channel}/promote", gate.Open(Role.Operator, channel.PromoteAsync));
        api.MapPost("/apps/{id}/channels/{channel}/set", gate.Open(Role.Operator, channel.SetAsync));
        api.MapPost("/apps/{id}/channels/{channel}/revert", gate.Open(Role.Operator, channel.RevertAsync));
        api.MapPost("/apps/{id}/releases", gate.Open(Role.Operator, release.AddAsync, "dryRun"));
        api.MapPost("/apps/{id}/releases/{version}/relocate", gate.Open(Role.Operator, release.RelocateAsync));
        api.MapPost("/apps/{id}/releases/{version}/block", gate.Open(Role.Operator, release.BlockAsync));
        api.MapPost("/apps/{id}/releases/{version}/unblock", gate.Open(Role.Operator, release.UnblockAsync));
        api.MapPost("/apps/{id}/releases/{version}/remove", gate.Open(Role.Operator, release.RemoveAsync));
        api.MapPost("/pause", gate.Open(Role.Operator, change.PauseAsync));
        api.MapPost("/resume", gate.Open(Role.Operator, change.ResumeAsync));
        api.MapPost("/store/accept", gate.Open(Role.Operator, change.AcceptAsync, "empty"));
    }
}
