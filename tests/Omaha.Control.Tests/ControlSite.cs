using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omaha.Catalog;
using Omaha.Cli;
using Omaha.Hosting;
using Omaha.Redis;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>A running control plane on a port of its own, with a token of each role, as its users see it: over HTTP and through omahactl.</summary>
internal sealed class ControlSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private ControlSite(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public string Admin { get; private set; } = "";

    public string Operator { get; private set; } = "";

    public string Viewer { get; private set; } = "";

    public CatalogStore Store => _app.Services.GetRequiredService<CatalogStore>();

    public AuditStore Audit => _app.Services.GetRequiredService<AuditStore>();

    /// <summary>Every route that the running server answers below <c>/api/v1</c>, such as <c>GET /status</c>.</summary>
    public IReadOnlyList<string> Routes =>
        [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(ApiRoutes.Prefix, StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText![ApiRoutes.Prefix.Length..]}"))];

    public TokenStore Tokens => _app.Services.GetRequiredService<TokenStore>();

    /// <summary>Starts a control plane; the store may be away.</summary>
    /// <param name="redis">The store.</param>
    /// <param name="time">The clock of all of it; the system's when null.</param>
    /// <param name="log">Takes what it logs.</param>
    /// <param name="serverMetrics">Where it finds its servers' metrics.</param>
    /// <param name="writerTime">A clock that changes of the catalogue alone read: others are read by Kestrel as well, at any time.</param>
    public static async Task<ControlSite> StartAsync(string redis, TimeProvider? time = null, ILoggerProvider? log = null, Uri? serverMetrics = null, TimeProvider? writerTime = null)
    {
        // In front, so that what a test says about it wins: a machine that is busy with other work may take long for a large change.
        var options = new ControlOptions { Listen = new Uri("http://127.0.0.1:0"), Redis = new RedisOptions { Configuration = $"asyncTimeout=60000,{redis}" }, ServerMetrics = serverMetrics is null ? [] : [serverMetrics] };
        var app = ControlBuilder.Build(options, new ConfigurationBuilder().Build(), builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
            if (time is not null) builder.Services.AddSingleton(time);
            if (writerTime is not null) builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<CatalogWriter>(services, writerTime));
            if (log is not null) builder.Logging.AddProvider(log).AddFilter(static _ => true);
        });
        await app.StartAsync();
        return new ControlSite(app);
    }

    /// <summary>Starts a control plane on a store that runs, and makes the tokens.</summary>
    public static async Task<ControlSite> StartWithTokensAsync(string redis, TimeProvider? time = null, ILoggerProvider? log = null, Uri? serverMetrics = null, TimeProvider? writerTime = null)
    {
        var site = await StartAsync($"connectTimeout=15000,{redis}", time, log, serverMetrics, writerTime);
        await site.Store.InitializeAsync(new AuditRecord(AuditVerb.Initialize, UnauditedCalls.Tester, site.Now));
        site.Admin = await site.TokenAsync(TokenGrant.Of(Role.Admin, "ada"));
        site.Operator = await site.TokenAsync(TokenGrant.Of(Role.Operator, "olivia"));
        site.Viewer = await site.TokenAsync(TokenGrant.Of(Role.Viewer, "victor"));
        return site;
    }

    /// <summary>What a promoter's token permits.</summary>
    public static TokenGrant Promoter(string name, string[] apps, string[] channels) => TokenGrant.Read("promoter", name, null, apps, channels, DateTimeOffset.UnixEpoch, out _)!;

    /// <summary>Makes a token.</summary>
    public async Task<string> TokenAsync(TokenGrant grant) => (await AccessToken.CreateAsync(Tokens, grant, UnauditedCalls.Tester, Now))!.Value.Text;

    /// <summary>Sends a request below <c>/api/v1/</c> as the operator, or with a given Authorization header.</summary>
    public async Task<Answer> SendAsync(string method, string path, string? body = null, string? authorization = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{Address}/api/v1/{path}");
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.ExpectContinue = body is { Length: > 32 * 1024 };
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? $"Bearer {Operator}");
        using var response = await _http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    public Task<Answer> PostAsync(string path, string? body = null, string? token = null) => SendAsync("POST", path, body, token is null ? null : $"Bearer {token}");

    /// <summary>A request outside the API, without a token.</summary>
    public async Task<Answer> GetBareAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri($"{Address}{path}"));
        return await Answer.OfAsync(response);
    }

    /// <summary>Runs omahactl against this control plane as the operator.</summary>
    public Task<Run> OmahactlAsync(params string[] args) => Run.OmahactlAsync(args, new() { ["OMAHACTL_SERVER"] = Address, ["OMAHACTL_TOKEN"] = Operator });

    /// <summary>The control plane's time: what was done long before it is soon forgotten by the audit.</summary>
    private DateTimeOffset Now => _app.Services.GetRequiredService<TimeProvider>().GetUtcNow();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>An answer of the API.</summary>
internal sealed record Answer(int Status, string? MediaType, string Text, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The faults of a problem, each as <c>path: message</c>; the detail when it lists none.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            Assert.Equal("application/problem+json", MediaType);
            var problem = JsonSerializer.Deserialize(Text, ApiJson.Default.ProblemReply)!;
            Assert.Equal(Status, problem.Status);
            return problem.Faults.Count == 0 ? [problem.Detail] : [.. problem.Faults.Select(fault => fault.ToString())];
        }
    }

    public static async Task<Answer> OfAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(), response.Headers);
}

/// <summary>What a run of a program printed and how it ended.</summary>
internal sealed record Run(int ExitCode, string Output, string Error)
{
    public static async Task<Run> OmahactlAsync(string[] args, Dictionary<string, string?> environment, string input = "", bool isWatched = false)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var bytes = new MemoryStream();
        var exitCode = await Omahactl.RunAsync(args, new Surroundings(output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(input)), name => environment.GetValueOrDefault(name), () => bytes) { IsWatched = isWatched });
        return new Run(exitCode, output.ToString() + Encoding.UTF8.GetString(bytes.ToArray()), error.ToString());
    }

    public static async Task<Run> ControlAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await ControlProgram.RunAsync(args, output, error);
        return new Run(exitCode, output.ToString(), error.ToString());
    }
}
