using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Omaha.Hosting;

/// <summary>
/// Puts changes of the settings files in force while the program runs. What could not be used at a start is not used now either: the old
/// values stay, all of them, and one line of the log says why. A brake in such a file holds nevertheless.
/// </summary>
public sealed class SettingsFollower : IHostedService, IDisposable
{
    private const string Levels = "Logging";

    private readonly ProgramConfiguration _settings;
    private readonly Action<IConfiguration> _check;
    private readonly string[] _brakes;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private IDisposable? _changes;
    private string? _fault;

    private SettingsFollower(ProgramConfiguration settings, Action<IConfiguration> check, string[] brakes, ILogger<SettingsFollower> log) =>
        (_settings, _check, _brakes, _log) = (settings, check, brakes, log);

    /// <summary>Has a program follow its settings.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="check">Throws a <see cref="SettingsException"/> for settings that could not be started with.</param>
    /// <param name="brakes">Flags that are heeded while the program runs, and held by anything but a plain <c>false</c>. Levels of the log are heeded as well, all other settings at a start only.</param>
    public static void Add(IServiceCollection services, ProgramConfiguration settings, Action<IConfiguration> check, params string[] brakes) =>
        services.AddHostedService(provider => new SettingsFollower(settings, check, brakes, provider.GetRequiredService<ILogger<SettingsFollower>>()));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _changes = ChangeToken.OnChange(_settings.Sources.GetReloadToken, Heed);
        // They may have changed since they were read.
        Heed();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _changes?.Dispose();

    private void Heed()
    {
        lock (_gate)
        {
            if (FindFault() is { } fault) Refuse(fault);
            else Accept();
        }
    }

    private string? FindFault()
    {
        if (_settings.FileFault is { } fault) return fault;
        try
        {
            ProgramConfiguration.CheckLogging(_settings.Sources);
            _check(_settings.Sources);
            return null;
        }
        catch (SettingsException error)
        {
            return error.Message.ReplaceLineEndings(" ");
        }
    }

    private void Refuse(string fault)
    {
        var held = string.Join(", ", _brakes.Where(Hold));
        if (held.Length > 0) _log.SettingsAreRefusedButBrake(fault, held);
        else if (fault != _fault) _log.SettingsAreRefused(fault);
        _fault = fault;
    }

    /// <summary>Whoever writes a brake wants it now, whatever else is wrong with the file; lifting one can wait.</summary>
    private bool Hold(string brake) =>
        _settings.Sources[brake] is { } value && !(bool.TryParse(value, out var isSet) && !isSet) && _settings.Adopted.Adopt(brake, value);

    private void Accept()
    {
        var changed = _settings.Adopted.Adopt(_settings.Sources);
        var wasFaulty = _fault is not null;
        _fault = null;
        // Names only: a value may be a password.
        var heeded = string.Join(", ", changed.Where(IsHeeded));
        var waiting = string.Join(", ", changed.Where(key => !IsHeeded(key)));
        if (heeded.Length > 0) _log.SettingsAreInForce(heeded);
        if (waiting.Length > 0) _log.SettingsWait(waiting);
        if (wasFaulty && changed.Count == 0) _log.SettingsAreRightAgain();
    }

    private bool IsHeeded(string key) =>
        _brakes.Contains(key, StringComparer.OrdinalIgnoreCase)
        || (key.StartsWith(Levels + ":", StringComparison.OrdinalIgnoreCase) && !string.Equals(key, ProgramConfiguration.FormatterKey, StringComparison.OrdinalIgnoreCase));
}
