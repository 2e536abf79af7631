using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace Omaha.Hosting;

/// <summary>
/// A settings file that is read again when it changes. One that cannot be read then, half-written for instance, leaves the last good content
/// in force: a brake in it must not be lifted by a slip.
/// </summary>
internal sealed class SettingsFile : JsonConfigurationSource
{
    /// <summary>The file <c>appsettings.json</c> of a folder; it may be missing.</summary>
    public static SettingsFile In(string folder) => new()
    {
        // Polled every few seconds: watching would watch all folders below, which may be the whole disk, and miss files that are mounted.
        FileProvider = Directory.Exists(folder) ? new PhysicalFileProvider(folder) { UsePollingFileWatcher = true, UseActivePolling = true } : null,
        Path = "appsettings.json",
        Optional = true,
        ReloadOnChange = true,
    };

    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new Provider(this);
    }

    private sealed class Provider(SettingsFile source) : JsonConfigurationProvider(source)
    {
        private bool _loaded;

        public override void Load(Stream stream)
        {
            try
            {
                base.Load(stream);
                _loaded = true;
            }
            catch (Exception error) when (_loaded && error is FormatException or IOException)
            {
                Console.Error.WriteLine($"{source.FileProvider?.GetFileInfo(source.Path!).PhysicalPath} changed and cannot be read: {error.Message} {error.InnerException?.Message} Its last good content stays in force.");
            }
        }
    }
}
