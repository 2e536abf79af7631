using Omaha.Redis;

namespace Omaha.Control;

/// <summary>Whether the process lives and whether it can work, for whoever runs it; no token is needed.</summary>
internal static class HealthRoutes
{
    public static void MapHealth(this WebApplication app)
    {
        var store = app.Services.GetRequiredService<CatalogStore>();
        app.MapGet("/livez", static http => Reply.Ok("""{"status":"live"}"""u8.ToArray()).WriteAsync(http));
        app.MapGet("/readyz", async http =>
        {
            var reply = Reply.Ok("""{"status":"ready"}"""u8.ToArray());
            try
            {
                await store.ReadHeadAsync(http.RequestAborted);
            }
            catch (StoreUnavailableException)
            {
                reply = Reply.Problem(503, "the store cannot be reached, so nothing can be read or changed here; machines are served from what the servers know");
            }

            await reply.WriteAsync(http);
        });
    }
}
