using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Omaha.Catalog;
using Omaha.Hosting;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>What becomes of changes of the settings file while the server runs.</summary>
public sealed class SettingsChangeTests : IAsyncLifetime
{
    private const string Start = """{ "Logging": { "LogLevel": { "Default": "Warning" } }, "Replica": { "FreezeAfter": 300 } }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("omaha-settings-").FullName;
    private readonly LogLines _log = new();
    private ProgramConfiguration? _settings;
    private WebApplication? _app;

    private ILogger Logger => _app!.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Omaha.Some");

    private Brakes Brakes => _app!.Services.GetRequiredService<ISnapshotSource>().Current.Brakes;

    public async ValueTask InitializeAsync()
    {
        await WriteAsync(Start);
        var settings = _settings = ProgramConfiguration.Read(["--Listen:Public=http://127.0.0.1:0", "--Listen:Ops=http://127.0.0.1:0", "--Redis:Configuration=127.0.0.1:1"], folder: _folder);
        _app = ServerBuilder.Build(ServerOptions.Read(settings.InForce), settings.InForce, builder =>
        {
            SettingsFollower.Add(builder.Services, settings, static changed => ServerOptions.Read(changed), LocalBrakes.Key);
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(_log);
            builder.Logging.AddFilter("Omaha.Hosting", LogLevel.Information);
        });
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string SettingsFile => Path.Combine(_folder, "appsettings.json");

    private Task WriteAsync(string settings) => File.WriteAllTextAsync(SettingsFile, settings);

    /// <summary>Changes the file and does not wait for that to be noticed.</summary>
    private async Task ChangeAsync(string settings)
    {
        await WriteAsync(settings);
        _settings!.ReadAgain();
    }

    [Fact]
    public async Task Change_of_the_file_is_noticed_and_levels_of_the_log_follow_it()
    {
        Assert.False(Logger.IsEnabled(LogLevel.Information));
        await WriteAsync(Start.Replace("Warning", "Debug", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(() => Logger.IsEnabled(LogLevel.Debug));
        await _log.UntilAsync("Settings changed and are in force: Logging:LogLevel:Default.");
        Assert.False(_log.Has("next start"));
    }

    [Fact]
    public async Task Setting_that_needs_a_restart_is_named_without_its_value()
    {
        await ChangeAsync(Start.Replace("300", "301", StringComparison.Ordinal));
        await _log.UntilAsync("Settings changed that are heeded at the next start only: Replica:FreezeAfter.");
        Assert.False(_log.Has("301"));
        Assert.False(_log.Has("in force"));
    }

    [Theory]
    [InlineData("""{ "Logging": { "LogLevel": { "Default": "Debug" } }, "Replica": { "FreezeAfter": "soon" } }""", "Replica:FreezeAfter = \"soon\" is not usable")]
    [InlineData("""{ "Logging": { "LogLevel": { "Default": "Debug" } }, "Replica": { "FreezAfter": 300 } }""", "Replica:FreezAfter = \"300\" is unknown")]
    [InlineData("""{ "Logging": { "LogLevel": { "Default": "Debug", "Omaha.Hosting": "Loud" } } }""", "Logging:LogLevel:Omaha.Hosting = \"Loud\" is not usable")]
    [InlineData("""{ "Logging": { "LogLevel": { "Default": "Debug" """, "appsettings.json cannot be read")]
    public async Task File_that_cannot_be_used_changes_nothing_and_is_said_once(string settings, string words)
    {
        await ChangeAsync(settings);
        await _log.UntilAsync("All old values stay in force.");
        Assert.Contains(words, Assert.Single(_log.Written, static line => line.Contains("cannot be used", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.False(Logger.IsEnabled(LogLevel.Information));

        await ChangeAsync(Start);
        await _log.UntilAsync("The settings can be used again.");
    }

    [Fact]
    public async Task Brake_holds_though_the_rest_of_its_file_is_wrong_and_no_wrong_file_lifts_it()
    {
        await ChangeAsync("""{ "Logging": { "LogLevel": { "Default": "Debug" } }, "Replica": { "FreezeAfter": "soon" }, "Brakes": { "PauseAll": true } }""");
        await Eventually.IsTrueAsync(() => Brakes.PauseAll is not null);
        await _log.UntilAsync("but for the brake that they hold: Brakes:PauseAll.");
        Assert.False(Logger.IsEnabled(LogLevel.Information));

        await ChangeAsync("""{ "Replica": { "FreezeAfter": "later" }, "Brakes": { "PauseAll": false } }""");
        await _log.UntilAsync("\"later\" is not usable");
        Assert.NotNull(Brakes.PauseAll);

        await ChangeAsync(Start);
        await Eventually.IsTrueAsync(() => Brakes.PauseAll is null);
    }

    [Fact]
    public async Task Brake_that_may_be_meant_holds()
    {
        await ChangeAsync("""{ "Brakes": { "PauseAll": "on" } }""");
        await Eventually.IsTrueAsync(() => Brakes.PauseAll is not null);
        await _log.UntilAsync("Brakes:PauseAll = \"on\" is not usable");
    }

    [Fact]
    public async Task File_that_is_gone_is_said_and_lifts_no_brake()
    {
        await ChangeAsync("""{ "Brakes": { "PauseAll": true } }""");
        await Eventually.IsTrueAsync(() => Brakes.PauseAll is not null);
        File.Delete(SettingsFile);
        _settings!.ReadAgain();
        await _log.UntilAsync("appsettings.json is gone");
        Assert.NotNull(Brakes.PauseAll);
    }
}
