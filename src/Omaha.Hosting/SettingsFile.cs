using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace Omaha.Hosting;

/// <summary>A settings file that is read again when it changes, and that says what is wrong with it then.</summary>
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
        return new Content(this);
    }

    /// <summary>What is in the file.</summary>
    internal sealed class Content(SettingsFile source) : JsonConfigurationProvider(source)
    {
        private volatile string? _fault;
        private volatile bool _isLoaded;

        /// <summary>Why the file cannot be read as it is now; null when it can, or was never there.</summary>
        public string? Fault => _fault ?? (_isLoaded && !File.Exists ? $"{File.PhysicalPath} is gone; an empty one ({{}}) would say that nothing is set." : null);

        private IFileInfo File => source.FileProvider!.GetFileInfo(source.Path!);

        public override void Load(Stream stream)
        {
            try
            {
                base.Load(stream);
                _fault = null;
                _isLoaded = true;
            }
            catch (Exception error) when (_isLoaded && error is (FormatException or IOException))
            {
                // Thrown from here it would leave the file empty, and end up nowhere.
                _fault = $"{File.PhysicalPath} cannot be read: {error.Message} {error.InnerException?.Message}".TrimEnd();
            }
        }
    }
}
